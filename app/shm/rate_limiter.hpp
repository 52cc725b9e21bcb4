// The rate limit: at most `quota` requests of one key in any rolling window, exact over all processes, without a lock.
// (Contract; the algorithm and its invariants stand in rate_limiter.cpp.)
#pragma once

#include <cstdint>

#include "app/base/clock.hpp"
#include "app/shm/region.hpp"

namespace shm {

struct Decision {
  bool allowed = false;
  bool table_full = false;           // no slot for this key: allowed without being counted
  int remaining = 0;                 // requests that would pass now
  base::Micros reset_after = 0;      // until the oldest counted request leaves the window; the wait if not allowed
};

class RateLimiter {
 public:
  static std::size_t bytes(int slots, int cells);  // of the region that holds such a table

  // `slots`: keys active within one window. `cells`: the largest quota. `window` in microseconds. A region of zeros is an
  // empty table. Every process that uses a region must be given the same numbers.
  RateLimiter(void* memory, int slots, int cells, base::Micros window);

  // `key`: a fingerprint of a valid key (its digest's first 8 bytes). `quota`: 1..cells, and it may change between calls.
  // `now` is read from the clock inside, after the ring's head: the order that the proof needs.
  Decision charge(std::uint64_t key, int quota);

  // What charge() would decide, without charging and without taking a slot.
  Decision peek(std::uint64_t key, int quota) const;

 private:
  struct Table;
  // ...
};

}  // namespace shm
