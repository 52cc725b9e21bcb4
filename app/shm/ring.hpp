// The sliding log of one key: when each of its latest admissions leaves the window, in a ring that all processes share.
// It knows nothing of keys, quotas or who owns it.
//
// Entries are numbered; entry k lives in cell k mod C. A cell is one word: when its entry leaves the window (48 bits of
// monotonic microseconds: nine years of uptime) and the entry's lap, k / C mod 2^16, which tells whether the cell holds
// entry k or still its predecessor k - C. Zeroed memory is a ring of C entries that left long ago, with entry C to
// come.
//
// Entry k is made by two compare-and-swaps: of its cell, from entry k - C to entry k (here it happens), then of head,
// from k to k + 1. Whoever finds cell k made and head behind does the second step for the maker, who may be dead.
//
//  (R1) Entries are made once each and in order. Entry k is only made by one who read head = k and then the cell still
//       holding k - C; head passes k only when entry k is made. So head counts the entries made, or all but the last.
//       A swap by a sleeper fails: the word it expects holds a time and a lap that do not come back.
//  (R2) A made entry k stays readable until entry k + C is made, and then its lap gives that away. (A lap recurs after
//       65,536 rounds of the ring, each of which takes at least a window when C is the largest quota: 45 days for a
//       minute. A reader would have to sleep that long between two instructions.)
#pragma once

#include <optional>

#include "app/shm/platform.hpp"

namespace shm {

template <class Platform>
class Ring {
 public:
  // The entry to be made next, and the word that its cell holds until then.
  struct Next {
    Word number;
    Word found;
  };

  static std::size_t bytes(std::size_t cells) {
    return ((1 + cells) * sizeof(Word) + kCacheLine - 1) / kCacheLine * kCacheLine;
  }

  Ring(void* memory, std::size_t cells) : words_(static_cast<Atomic*>(memory)), cells_(cells) {}

  Next next() {
    for (;;) {
      const Word number = head().load() + cells_;
      const Word found = cell(number).load();
      if (lap(found) == lap_of(number - cells_)) return {number, found};
      if (lap(found) == lap_of(number)) advance(number);
      // Any other lap: head has moved on since it was read.
    }
  }

  // Makes the entry, unless another has made it since `next` was read.
  bool make(Next next, base::Micros leaves_at) {
    const Word entry = static_cast<Word>(leaves_at) << kLapBits | lap_of(next.number);
    if (!cell(next.number).compare_exchange_strong(next.found, entry)) return false;
    advance(next.number);
    return true;
  }

  // When that entry leaves or left the window; nothing if its cell has gone to a later one. The entry must have been
  // made.
  std::optional<base::Micros> leaves_at(Word number) const {
    const Word found = cell(number).load();
    if (lap(found) != lap_of(number)) return std::nullopt;
    return static_cast<base::Micros>(found >> kLapBits);
  }

 private:
  using Atomic = typename Platform::Atomic;
  static constexpr int kLapBits = 16;
  static constexpr Word kLapMask = (Word{1} << kLapBits) - 1;

  static Word lap(Word found) { return found & kLapMask; }
  Word lap_of(Word number) const { return number / cells_ & kLapMask; }

  // head is kept less C, so that zero means entry C.
  Atomic& head() const { return words_[0]; }
  Atomic& cell(Word number) const { return words_[1 + number % cells_]; }

  void advance(Word number) {
    Word expected = number - cells_;
    head().compare_exchange_strong(expected, expected + 1);  // if this fails, another has done it
  }

  Atomic* words_;
  std::size_t cells_;
};

}  // namespace shm
