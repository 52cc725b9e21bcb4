// A look into a rate limiter's memory from outside, for tests: who owns which slot.
#pragma once

#include <algorithm>
#include <map>

#include "app/shm/slot_words.hpp"

namespace support {

struct Holders {
  int live = 0;
  int closing = 0;
  int free = 0;
  int most_of_one_key = 0;  // slots that one key has in one bucket: never above 1
};

// Exact only while nobody charges.
inline Holders holders(void* memory, std::size_t buckets, std::size_t width) {
  Holders result;
  auto* bucket = reinterpret_cast<shm::Bucket<shm::Machine>*>(static_cast<char*>(memory) + shm::kCacheLine);
  for (std::size_t b = 0; b < buckets; ++b, ++bucket) {
    std::map<shm::Word, int> slots_of;
    for (std::size_t i = 0; i < width; ++i) {
      const auto owner = shm::Owner::unpack(bucket->owners[i].load());
      if (owner.state == shm::SlotState::free) {
        ++result.free;
        continue;
      }
      ++(owner.state == shm::SlotState::live ? result.live : result.closing);
      result.most_of_one_key = std::max(result.most_of_one_key, ++slots_of[owner.fingerprint]);
    }
  }
  return result;
}

}  // namespace support
