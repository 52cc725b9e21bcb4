// Which slugs have been seen, in eight to eleven bytes each: a keyed hash stands for the slug. Of a million, two share
// one with a probability of 1 in 37 million.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace links {

class SeenSlugs {
 public:
  SeenSlugs();

  bool contains(std::string_view slug) const;
  void add(std::string_view slug);

 private:
  using Part = std::vector<std::uint64_t>;  // sorted; so short that putting one in between costs little

  std::uint64_t hash_of(std::string_view slug) const;
  static std::size_t part_of(std::uint64_t hash) { return static_cast<std::size_t>(hash >> (64 - kPartBits)); }

  static constexpr int kPartBits = 12;

  std::array<std::uint8_t, 16> key_{};
  std::vector<Part> parts_;
};

}  // namespace links
