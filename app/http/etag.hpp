// Conditional requests (RFC 9110, section 13).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace http {

struct TagCondition {
  bool any = false;               // *
  std::vector<std::string> tags;  // opaque parts, without quotes

  bool matches(std::string_view opaque) const;
};
using IfNoneMatch = TagCondition;
using IfMatch = TagCondition;

// Bounded: at most 32 tags are looked at. Garbage matches nothing; it is never an error.
IfNoneMatch parse_if_none_match(std::string_view header);  // the comparison is weak: W/ makes no difference
IfMatch parse_if_match(std::string_view header);           // it is strong: weak tags are left out, they match nothing

std::string content_tag(std::string_view body);  // an opaque tag that is the body's digest

}  // namespace http
