#include "tests/faults/timing.hpp"

#include <cstdlib>
#include <string>
#include <thread>

#include "tests/faults/process.hpp"

namespace faults {

int repeat(int short_slice, int full) {
  const char* mode = std::getenv("QL_FAULTS");
  return mode != nullptr && std::string(mode) == "full" ? full : short_slice;
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void sleep_ms(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

bool alive(pid_t pid) {
  const std::string stat = slurp("/proc/" + std::to_string(pid) + "/stat");
  const auto name_end = stat.rfind(") ");
  return name_end != std::string::npos && stat[name_end + 2] != 'Z';
}

}  // namespace faults
