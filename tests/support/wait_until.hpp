// Waiting for something that is bound to happen, without a guess at how long it takes.
#pragma once

#include <chrono>
#include <thread>

namespace support {

// Looks every few milliseconds; false after `seconds`.
template <typename Condition>
bool wait_until(Condition condition, double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  while (!condition()) {
    if (std::chrono::duration<double>(Clock::now() - start).count() > seconds) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace support
