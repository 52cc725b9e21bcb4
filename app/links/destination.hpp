// Where a link may lead: to the public web. For people; what the monitor connects to is checked at connect time as
// well.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace links {

// What is wrong with a well-formed URL (http/url.hpp) as a destination, as the end of a sentence about it; `public_url`
// is this installation's own, empty if that is not known.
std::optional<std::string> destination_fault(std::string_view url, std::string_view public_url);

}  // namespace links
