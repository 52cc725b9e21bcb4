// Where a link may lead: to a public web server that every visitor's browser would reach, by a URL that it takes from a
// Location header as it stands. Knows nothing of what the name resolves to: whoever connects judges that again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace links {

inline constexpr std::size_t kMaxUrl = 2048;  // bytes

// nullopt: well. Otherwise what is wrong with it and how to write it right, as the end of a sentence about the URL:
// "has no host: write it behind https://, as in https://shop.example/". `public_url` is this installation's own origin:
// its proxy links are not destinations (empty where it is not known).
std::optional<std::string> destination_fault(std::string_view url, std::string_view public_url);

// The host of a URL that may be a destination, in lower case, without port and without a dot at its end.
std::string host_of(std::string_view url);

}  // namespace links
