// What the rate limiter asks of the machine. Tests put their own in its place, to turn the clock and to stop a process
// at the moments where that hurts most; in production it all compiles to one clock reading.
#pragma once

#include <atomic>
#include <cstdint>

#include "app/base/clock.hpp"

namespace shm {

using Word = std::uint64_t;
using AtomicWord = std::atomic<Word>;  // zeroed memory is a valid one, in every process that maps it
static_assert(AtomicWord::is_always_lock_free && sizeof(AtomicWord) == sizeof(Word));

constexpr std::size_t kCacheLine = 64;

// Points between two compare-and-swaps that belong together: a process may die or sleep at each of them.
enum class Point {
  clock_read,       // an admission has read the clock, and its entry is not yet made
  entry_made,       // an entry is made, and head does not count it yet
  claim_announced,  // a bucket knows of a claim, and the slot is still free
  claim_granted,    // the slot is live, and the bucket's claim not yet taken back
  close_begun,      // a slot is closing, and its ring not yet fenced
  close_fenced,     // the ring is fenced, and the slot not yet free
};

struct Machine {
  static base::Micros now() { return base::monotonic_micros(); }
  static void reached(Point) {}
};

}  // namespace shm
