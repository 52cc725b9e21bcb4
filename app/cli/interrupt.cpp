#include "app/cli/interrupt.hpp"

#include <csignal>

namespace cli {
namespace {

volatile std::sig_atomic_t signal_came = 0;

}  // namespace

void heed_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { signal_came = 1; };  // no SA_RESTART: a read that waits must end
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
  return signal_came != 0;
}

}  // namespace cli
