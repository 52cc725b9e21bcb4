// What each value of a link may be, wherever it comes from: the API, a CSV file, the command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace links {

inline constexpr std::size_t kMaxLabel = 200;  // characters
inline constexpr std::size_t kMaxProgram = 100;
inline constexpr std::size_t kMaxTag = 50;
inline constexpr std::size_t kMaxSlug = 64;
inline constexpr std::size_t kMaxTags = 20;

// nullopt if it is well. Otherwise what is wrong with it, as the end of a sentence about the value: "is empty".
using Reason = std::optional<std::string>;

Reason label_fault(std::string_view label);
Reason program_fault(std::string_view program);
Reason tag_fault(std::string_view tag);
Reason slug_fault(std::string_view slug);

// A destination or a fallback. `public_url` is this installation's own: its proxy links are not destinations
// (empty where it is not known).
Reason url_fault(std::string_view url, std::string_view public_url);

// For a link that comes without one: what a reader knows the good `url` by, its host and path.
std::string label_for(std::string_view url);

}  // namespace links
