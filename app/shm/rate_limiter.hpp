// The rate limit: at most `quota` requests of one key in any rolling window, exact over all processes, without a lock
// that a dead one could keep. Time is monotonic: a changed date changes nothing.
//
// A request is admitted as entry k of its key's ring, if entry k - quota has left the window.
//  (L1) Entries leave in their order: the maker of k read its clock after it read head = k, hence after k - 1 was made,
//       whose maker had read its clock before that. A void entry leaves with the one before it.
//  (L2) Never too many: by L1, if k - quota had left when k came, so had all before it; at most quota - 1 were within.
//       An admission's time lies within its call, even if the process slept between clock and swap.
//  (L3) Never one too few: a refusal found k - quota still within the window after all entries below k were made. So
//       by L1 quota entries were within: none of them void (those have left), all of them this key's (T5, T6).
//  (L4) A process may die anywhere: an entry is made or not, and every other step is finished by whoever comes next.
// (R…: ring.hpp. T…: slot_table.hpp.)
#pragma once

#include <optional>
#include <stdexcept>

#include "app/base/clock.hpp"
#include "app/shm/slot_table.hpp"

namespace shm {

struct Decision {
  bool allowed = false;
  bool table_full = false;       // no slot for this key: allowed without being counted
  int remaining = 0;             // requests that would pass now
  base::Micros reset_after = 0;  // until the oldest counted request leaves the window; the wait if not allowed
};

template <class Platform>
class BasicRateLimiter {
 public:
  static constexpr int kLayout = 1;  // raised whenever the meaning of a region's bytes changes

  // Of the region that holds such a table. Only the pages of keys that were seen take memory.
  static std::size_t bytes(int slots, int cells);

  // `slots`: keys active within one window (above 64 rounded up to a multiple of 64). `cells`: the largest quota.
  // `window` in microseconds. A region of zeros is an empty table. Throws std::invalid_argument if a number is below 1,
  // and std::runtime_error if the region is in use with other numbers. Touches the memory: construct it in the workers.
  BasicRateLimiter(void* memory, int slots, int cells, base::Micros window);

  // `key`: a fingerprint of a valid key (its digest's first 8 bytes). `quota` may change between calls; above `cells`
  // it counts as `cells`, and below 1 it admits nothing. Refused requests are not counted.
  Decision charge(std::uint64_t key, int quota);

  // What charge() would decide, without charging and without taking a slot: `remaining` is what is left before it, and
  // reset_after is 0 if nothing is counted.
  Decision peek(std::uint64_t key, int quota);

  // Whether the key was charged here and its slot has not gone to another since: a valid key, seen not long ago.
  bool knows(std::uint64_t key) { return table_.find(key).has_value(); }

 private:
  using Table = SlotTable<Platform>;
  struct alignas(kCacheLine) Header {
    typename Platform::Atomic shape;
  };

  static Word shape(int slots, int cells, base::Micros window);
  Word clamped(int quota) const { return std::min(static_cast<Word>(quota), cells_); }
  std::optional<Decision> charge(typename Table::Tenancy& tenancy, Word quota);
  static Decision standing(const Ring<Platform>& ring, Word end, Word quota, base::Micros now);

  Table table_;
  Word cells_;
  base::Micros window_;
};

template <class Platform>
std::size_t BasicRateLimiter<Platform>::bytes(int slots, int cells) {
  return sizeof(Header) + Table::bytes(static_cast<std::size_t>(slots), static_cast<std::size_t>(cells));
}

template <class Platform>
BasicRateLimiter<Platform>::BasicRateLimiter(void* memory, int slots, int cells, base::Micros window)
    : table_(static_cast<char*>(memory) + sizeof(Header), static_cast<std::size_t>(slots),
             static_cast<std::size_t>(cells)),
      cells_(static_cast<Word>(cells)),
      window_(window) {
  if (slots < 1 || cells < 1 || window < 1)
    throw std::invalid_argument("rate limiter: slots, cells and window start at 1");
  Word found = 0;
  const Word wanted = shape(slots, cells, window);
  if (!static_cast<Header*>(memory)->shape.compare_exchange_strong(found, wanted) && found != wanted)
    throw std::runtime_error(
        "rate limiter: this memory is in use with another layout, number of slots, quota or window");
}

// A hash (FNV-1a) of everything that two users of a region must agree on.
template <class Platform>
Word BasicRateLimiter<Platform>::shape(int slots, int cells, base::Micros window) {
  Word hash = 0xcbf29ce484222325;
  for (const auto number :
       {static_cast<Word>(kLayout), static_cast<Word>(slots), static_cast<Word>(cells), static_cast<Word>(window)})
    hash = (hash ^ number) * 0x100000001b3;
  return hash;
}

template <class Platform>
Decision BasicRateLimiter<Platform>::charge(std::uint64_t key, int quota) {
  if (quota < 1) return {.reset_after = window_};
  for (;;) {
    auto tenancy = table_.tenancy(key);
    if (!tenancy) return {true, true, static_cast<int>(clamped(quota)) - 1, window_};
    if (const auto decision = charge(*tenancy, clamped(quota))) return *decision;
  }
}

// Nothing: the slot was taken from the key since it was looked up.
template <class Platform>
std::optional<Decision> BasicRateLimiter<Platform>::charge(typename Table::Tenancy& tenancy, Word quota) {
  for (;;) {
    const auto next = tenancy.ring.next();
    const auto blocker = tenancy.ring.leaves_at(next.number - quota);
    if (!blocker) continue;  // the ring has moved on since `next` was read
    if (!tenancy.holds()) return std::nullopt;
    const base::Micros now = Platform::now();  // after all of the above: L1 and L3 need that order
    if (*blocker > now) return Decision{.reset_after = *blocker - now};
    if (tenancy.ring.make(next, now + window_)) {
      Decision decision = standing(tenancy.ring, next.number + 1, quota, now);
      decision.allowed = true;
      return decision;
    }
  }
}

template <class Platform>
Decision BasicRateLimiter<Platform>::peek(std::uint64_t key, int quota) {
  if (quota < 1) return {.reset_after = window_};
  for (;;) {
    auto tenancy = table_.find(key);
    if (!tenancy) return {.allowed = true, .remaining = static_cast<int>(clamped(quota))};
    const auto next = tenancy->ring.next();
    if (tenancy->holds()) return standing(tenancy->ring, next.number, clamped(quota), Platform::now());
  }
}

// Counts the entries below `end` that are within the window: by L1 the oldest of them is found by halving.
template <class Platform>
Decision BasicRateLimiter<Platform>::standing(const Ring<Platform>& ring, Word end, Word quota, base::Micros now) {
  Word left = end - quota - 1;  // has left the window, or does not matter
  Word within = end;            // is within, or to come
  base::Micros leaves_at = now;
  while (within - left > 1) {
    const Word middle = left + (within - left) / 2;
    const auto leaves = ring.leaves_at(middle);
    if (leaves && *leaves > now) {
      within = middle;
      leaves_at = *leaves;
    } else {
      left = middle;  // or its cell went to a later entry, for which it had to leave
    }
  }
  const int remaining = static_cast<int>(quota - (end - within));
  return {.allowed = remaining > 0, .remaining = remaining, .reset_after = leaves_at - now};
}

extern template class BasicRateLimiter<Machine>;
using RateLimiter = BasicRateLimiter<Machine>;

}  // namespace shm
