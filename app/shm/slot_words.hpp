// The words by which slots change hands: who has a slot, and which claim a bucket is busy with. See slot_table.hpp.
#pragma once

#include <array>

#include "app/shm/platform.hpp"

namespace shm {

enum class SlotState : Word { free, live, closing };

// fingerprint (40 bits) | epoch (22) | state (2). Zero: free, never used. Two keys share a ring if their fingerprints
// and buckets agree: with 256 buckets, a chance of 1 in 50,000 that any two of 100,000 keys do.
struct Owner {
  static constexpr Word kEpochs = Word{1} << 22;

  SlotState state = SlotState::free;
  Word epoch = 0;
  Word fingerprint = 0;  // 0 if free

  static Owner unpack(Word word) { return {static_cast<SlotState>(word & 3), word >> 2 & (kEpochs - 1), word >> 24}; }
  Word pack() const { return fingerprint << 24 | epoch << 2 | static_cast<Word>(state); }

  bool is(Word whom) const { return state != SlotState::free && fingerprint == whom; }
  Owner live(Word whom) const { return {SlotState::live, epoch, whom}; }
  Owner closing() const { return {SlotState::closing, epoch, fingerprint}; }
  Owner reopened() const { return {SlotState::live, (epoch + 1) % kEpochs, fingerprint}; }
  Owner freed() const { return {SlotState::free, (epoch + 1) % kEpochs, 0}; }
};

// fingerprint (40 bits) | slot (6) | version (17) | active (1). Zero: none, version 0.
struct Claim {
  static constexpr Word kVersions = Word{1} << 17;

  bool active = false;
  Word version = 0;
  Word slot = 0;         // within the bucket; 0 if not active
  Word fingerprint = 0;  // likewise

  static Claim unpack(Word word) { return {(word & 1) != 0, word >> 1 & (kVersions - 1), word >> 18 & 63, word >> 24}; }
  Word pack() const { return fingerprint << 24 | slot << 18 | version << 1 | Word{active}; }

  Claim by(Word whom, Word which) const { return {true, version, which, whom}; }
  Claim over() const { return {false, (version + 1) % kVersions, 0, 0}; }
};

constexpr std::size_t kBucketSlots = 64;

template <class Platform>
struct alignas(kCacheLine) Bucket {
  std::array<typename Platform::Atomic, kBucketSlots> owners;
  typename Platform::Atomic claim;
};

}  // namespace shm
