// Which key has which ring. A key belongs to one bucket of 64 slots, and has at most one slot in it; a slot whose ring
// holds nothing within the window may go to another key. No locks: whoever meets a step that another left unfinished
// finishes it. A slot's owner word goes
//
//     free(e) -> live(A, e) -> closing(A, e) -> free(e + 1)
//                                            -> live(A, e + 1)    if A was charged in the meantime
//
//  (T1) No owner word comes back (short of four million changes of its slot), so a sleeper's swap of it fails.
//
// Claiming. A bucket's claim word is none(v) or claim(A, slot, v). A claimer reads none(v), then sees no slot of A in
// the whole bucket, and a free one, then swaps its claim in. Anyone may grant it: make the slot live(A), then swap in
// none(v + 1).
//
//  (T2) Only grants make free slots live, and each claim does so once. A granter reads the owner, then sees the claim
//       still there. A claim is taken back only after its slot is live, and (T3) the slot is not closed before. So if
//       the owner read free, that was the word from before the grant, and it is swapped once (T1).
//  (T3) A slot is closed only by one who read it live and after that saw no claim: the one that gave it was over.
//  (T4) A bucket holds at most one slot that is live or closing for A. Between reading none(v) and swapping its claim
//       in, the claimer's bucket granted nothing, for v did not change (it comes back after 131,072 claims). So what
//       the claimer did not see is still not there, and the free slot is still free.
//
// Closing. One who is about to charge A may have looked at the ring a moment ago. So a closer marks the slot as
// closing, makes a *void* entry in the ring - the fence: it has left the window already - and only then frees the slot.
//
//  (T5) No entry is made for A after A's slot was freed. Its maker read the next number k and k's cell, then saw
//       live(A, e), and then swaps the cell. Had the slot been freed since, a fence m would have been made after that
//       look, when all entries below k had been made (R1). So m = k or m > k; either way cell k has changed, and the
//       swap fails.
//  (T6) A slot is freed only when all its entries have left the window: the closer saw that the one before the fence
//       had, and none leaves before its predecessor (L1). An admission that slipped in before the fence is seen there,
//       and the slot goes back to live. Where several helpers make fences, the spare ones are void entries like any
//       other, harmless even when they come late.
#pragma once

#include <algorithm>
#include <optional>

#include "app/shm/ring.hpp"
#include "app/shm/slot_words.hpp"

namespace shm {

template <class Platform>
class SlotTable {
  using Atomic = typename Platform::Atomic;

 public:
  // A key's right to a ring, for as long as it holds.
  struct Tenancy {
    Atomic* owner;
    Word word;
    Ring<Platform> ring;
    bool holds() const { return owner->load() == word; }
  };

  // Above 64, `slots` is rounded up to whole buckets. Zeroed memory is an empty table.
  static std::size_t bytes(std::size_t slots, std::size_t cells) {
    return buckets(slots) * (sizeof(Bucket<Platform>) + width(slots) * Ring<Platform>::bytes(cells));
  }

  SlotTable(void* memory, std::size_t slots, std::size_t cells)
      : buckets_(static_cast<Bucket<Platform>*>(memory)),
        rings_(static_cast<char*>(memory) + buckets(slots) * sizeof(Bucket<Platform>)),
        bucket_count_(buckets(slots)),
        width_(width(slots)),
        cells_(cells) {}

  // The key's slot, if it has one.
  std::optional<Tenancy> find(std::uint64_t key) { return find(place_of(key)); }

  // The key's slot, if need be a new one; nothing if every slot of its bucket is in use by others.
  std::optional<Tenancy> tenancy(std::uint64_t key) {
    const Place place = place_of(key);
    for (;;) {
      if (const auto found = find(place)) return found;
      if (!claim(place)) return std::nullopt;
    }
  }

 private:
  struct Place {
    std::size_t bucket;
    std::size_t first;  // where in the bucket to look first
    Word fingerprint;
  };

  static std::size_t buckets(std::size_t slots) { return (slots + kBucketSlots - 1) / kBucketSlots; }
  static std::size_t width(std::size_t slots) { return std::min(slots, kBucketSlots); }

  // Keys may be close together: spread them (splitmix64's finalizer, which maps no two to one).
  Place place_of(std::uint64_t key) const {
    key = (key ^ key >> 30) * 0xbf58476d1ce4e5b9;
    key = (key ^ key >> 27) * 0x94d049bb133111eb;
    key ^= key >> 31;
    const Word fingerprint = key >> 24;
    return {(key & 0xffffff) % bucket_count_, fingerprint % width_, fingerprint};
  }

  std::size_t nth(const Place& place, std::size_t n) const { return (place.first + n) % width_; }
  Atomic& owner(const Place& place, std::size_t slot) { return buckets_[place.bucket].owners[slot]; }
  Ring<Platform> ring(const Place& place, std::size_t slot) {
    return {rings_ + (place.bucket * width_ + slot) * Ring<Platform>::bytes(cells_), cells_};
  }

  std::optional<Tenancy> find(const Place& place) {
    for (std::size_t n = 0; n < width_; ++n) {
      const std::size_t slot = nth(place, n);
      const Word word = owner(place, slot).load();
      const Owner found = Owner::unpack(word);
      if (!found.is(place.fingerprint)) continue;
      if (found.state == SlotState::live) return Tenancy{&owner(place, slot), word, ring(place, slot)};
      finish_closing(place, slot, found);
      return find(place);
    }
    return std::nullopt;
  }

  // One step towards a slot for a key that has none; the caller looks again. False: there is no room.
  bool claim(const Place& place) {
    Atomic& bucket_claim = buckets_[place.bucket].claim;
    Word none = bucket_claim.load();
    if (Claim::unpack(none).active) {
      grant(place, none);
      return true;
    }
    if (find(place)) return true;
    const auto free = first_free(place);
    if (!free) return make_room(place, none);
    const Word mine = Claim::unpack(none).by(place.fingerprint, *free).pack();
    if (bucket_claim.compare_exchange_strong(none, mine)) grant(place, mine);
    return true;
  }

  void grant(const Place& place, Word word) {
    Atomic& bucket_claim = buckets_[place.bucket].claim;
    const Claim claim = Claim::unpack(word);
    Atomic& slot = owner(place, claim.slot);
    Word before = slot.load();
    if (bucket_claim.load() != word) return;
    const Owner found = Owner::unpack(before);
    if (found.state == SlotState::free) slot.compare_exchange_strong(before, found.live(claim.fingerprint).pack());
    bucket_claim.compare_exchange_strong(word, claim.over().pack());
  }

  std::optional<std::size_t> first_free(const Place& place) {
    for (std::size_t n = 0; n < width_; ++n) {
      const std::size_t slot = nth(place, n);
      if (Owner::unpack(owner(place, slot).load()).state == SlotState::free) return slot;
    }
    return std::nullopt;
  }

  // Takes a slot from a key that has nothing in the window. `none`: the claim word from before. False: all are in use.
  bool make_room(const Place& place, Word none) {
    for (std::size_t n = 0; n < width_; ++n) {
      const std::size_t slot = nth(place, n);
      Word word = owner(place, slot).load();
      const Owner found = Owner::unpack(word);
      if (found.state == SlotState::free) return true;
      if (found.state == SlotState::live) {
        if (!idle(ring(place, slot))) continue;
        if (buckets_[place.bucket].claim.load() != none) return true;  // (T3)
        if (!owner(place, slot).compare_exchange_strong(word, found.closing().pack())) return true;
      }
      finish_closing(place, slot, found.closing());
      return true;
    }
    return false;
  }

  static bool idle(Ring<Platform> ring) {
    const auto newest = ring.leaves_at(ring.next().number - 1);
    return newest && *newest <= Platform::now();
  }

  void finish_closing(const Place& place, std::size_t slot, Owner closing) {
    Atomic& word = owner(place, slot);
    Ring<Platform> log = ring(place, slot);
    Word expected = closing.pack();
    for (;;) {
      const auto next = log.next();
      const auto newest = log.leaves_at(next.number - 1);
      if (!newest) continue;  // the ring has moved on since `next` was read
      if (*newest > Platform::now()) {
        word.compare_exchange_strong(expected, closing.reopened().pack());
        return;
      }
      if (!log.make(next, *newest)) continue;
      word.compare_exchange_strong(expected, closing.freed().pack());
      return;
    }
  }

  Bucket<Platform>* buckets_;
  char* rings_;
  std::size_t bucket_count_;
  std::size_t width_;
  std::size_t cells_;
};

}  // namespace shm
