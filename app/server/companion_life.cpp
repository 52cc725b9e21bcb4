#include "app/server/companion_life.hpp"

#include <csignal>

#include <sys/socket.h>

#include "app/base/clock.hpp"
#include "app/base/signals.hpp"
#include "app/server/memory.hpp"

namespace server {
namespace {

constexpr base::Micros kMemoryLook = 1'000'000;

}  // namespace

void CompanionLife::ready() {
  slot_.state = static_cast<std::uint32_t>(shm::WorkerState::idle);
  tell(Word::ready);
}

bool CompanionLife::carry_on() {
  const base::Micros now = base::monotonic_micros();
  if (now - last_word_ >= kHeartbeat) tell(Word::alive);
  if (now >= next_look_) {
    slot_.resident_kib = own_resident_kib();
    next_look_ = now + kMemoryLook;
  }
  if (base::take_signal(SIGTERM) > 0) told_to_stop_ = true;
  if (told_to_stop_) slot_.state = static_cast<std::uint32_t>(shm::WorkerState::stopping);
  return !told_to_stop_ && !master_gone();
}

// The master never writes: there is nothing to read but its end.
bool CompanionLife::master_gone() const {
  char byte = 0;
  return recv(channel_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void CompanionLife::tell(Word word) {
  last_word_ = base::monotonic_micros();
  send(channel_, &word, sizeof(word), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace server
