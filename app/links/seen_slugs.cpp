#include "app/links/seen_slugs.hpp"

#include <algorithm>

#include "app/base/crypto.hpp"

namespace links {

SeenSlugs::SeenSlugs() : parts_(std::size_t{1} << kPartBits) {
  base::random_bytes(key_);
}

std::uint64_t SeenSlugs::hash_of(std::string_view slug) const {
  return base::keyed_hash64(key_, slug);
}

bool SeenSlugs::contains(std::string_view slug) const {
  const auto hash = hash_of(slug);
  const Part& part = parts_[part_of(hash)];
  return std::binary_search(part.begin(), part.end(), hash);
}

// All parts fill up at the same pace: were each to double when it is full, half of the memory would be empty.
void SeenSlugs::add(std::string_view slug) {
  const auto hash = hash_of(slug);
  Part& part = parts_[part_of(hash)];
  if (part.size() == part.capacity()) part.reserve(part.size() + part.size() / 4 + 8);
  part.insert(std::lower_bound(part.begin(), part.end(), hash), hash);
}

}  // namespace links
