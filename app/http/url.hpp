// What we ask of a link's destination before it is stored: a URL that a browser will take from a Location header as it
// stands. Parsing for fetching is libcurl's, in app/monitor.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace http {

inline constexpr std::size_t kMaxUrl = 2048;  // bytes

// nullopt: an absolute http or https URL of at most 2,048 printable ASCII characters with a host and no credentials.
// Otherwise what is wrong with it, as the end of a sentence about the URL: "has no host".
std::optional<std::string> url_fault(std::string_view url);

struct Origin {
  bool https = false;
  std::string host;  // in lower case, without a dot at its end; an IPv6 address in its brackets
  int port = 0;

  bool operator==(const Origin&) const = default;
};

Origin origin_of(std::string_view url);  // of a URL that has no fault

}  // namespace http
