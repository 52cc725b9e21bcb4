#include "app/http/etag.hpp"

#include <algorithm>

#include "app/base/crypto.hpp"
#include "app/base/text.hpp"

namespace http {
namespace {

constexpr std::size_t kMaxTags = 32;

// RFC 9110, section 8.8.3: everything visible but the double quote, and bytes above ASCII.
bool tag_character(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != '"' && c != 0x7f;
}

void skip_separators(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t,"), text.size()));
}

// Stops at the first thing that is no entity tag; those before it count.
TagCondition parse(std::string_view header, bool weak_too) {
  if (base::trim(header) == "*") return {.any = true, .tags = {}};
  TagCondition condition;
  for (skip_separators(header); !header.empty() && condition.tags.size() < kMaxTags; skip_separators(header)) {
    const bool weak = header.starts_with("W/");
    if (weak) header.remove_prefix(2);
    if (!header.starts_with('"')) break;
    const std::size_t end = header.find('"', 1);
    if (end == std::string_view::npos) break;
    const std::string_view tag = header.substr(1, end - 1);
    header.remove_prefix(end + 1);
    const bool ends_well = header.empty() || header[0] == ',' || header[0] == ' ' || header[0] == '\t';
    if (!ends_well || !std::all_of(tag.begin(), tag.end(), tag_character)) break;
    if (weak_too || !weak) condition.tags.emplace_back(tag);
  }
  return condition;
}

}  // namespace

bool TagCondition::matches(std::string_view opaque) const {
  return any || std::find(tags.begin(), tags.end(), opaque) != tags.end();
}

IfNoneMatch parse_if_none_match(std::string_view header) {
  return parse(header, true);
}

IfMatch parse_if_match(std::string_view header) {
  return parse(header, false);
}

std::string content_tag(std::string_view body) {
  const auto digest = base::fast_digest(body);
  return base::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace http
