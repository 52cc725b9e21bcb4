// Conditional requests (RFC 9110, section 13).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace http {

struct IfNoneMatch {
  bool any = false;               // *
  std::vector<std::string> tags;  // opaque parts without quotes and without W/ (the comparison is weak)

  bool matches(std::string_view opaque) const;
};

// Bounded: at most 32 tags are looked at. Garbage matches nothing; it is never an error.
IfNoneMatch parse_if_none_match(std::string_view header);

std::string content_tag(std::string_view body);  // an opaque tag that is the body's digest

}  // namespace http
