// What the rate limiter asks of the machine: words that processes share, and a clock. Tests put platforms of their own
// in its place, to turn the clock, and to let a process sleep or die at any access to shared memory.
#pragma once

#include <atomic>
#include <cstdint>

#include "app/base/clock.hpp"

namespace shm {

using Word = std::uint64_t;

constexpr std::size_t kCacheLine = 64;

struct Machine {
  using Atomic = std::atomic<Word>;  // zeroed memory is a valid one, in every process that maps it
  static base::Micros now() { return base::monotonic_micros(); }
};

static_assert(Machine::Atomic::is_always_lock_free && sizeof(Machine::Atomic) == sizeof(Word));

}  // namespace shm
