// Query strings: application/x-www-form-urlencoded, bounded, decoded once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

class Query {
 public:
  // Throws Problem 400 (invalid_query): broken percent-encoding, decoded bytes that are not UTF-8, NUL, over 100
  // parameters. An empty string has no parameters.
  explicit Query(std::string_view encoded);

  // The parameter's value; nullptr if absent. Throws Problem 400 if it is given more than once.
  const std::string* find(std::string_view name) const;

  // An integer of at least `minimum`; `fallback` if absent. Throws Problem 400 (invalid_parameter) naming it. A whole
  // number past 64 bits counts as the largest (a limit of 10^30 is above 500, not malformed).
  std::int64_t integer(std::string_view name, std::int64_t fallback, std::int64_t minimum) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
std::string percent_encode(std::string_view text);  // everything but RFC 3986 unreserved characters

}  // namespace http
