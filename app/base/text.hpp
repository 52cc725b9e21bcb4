// Small strict helpers on text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

std::string hex(std::string_view bytes);                                  // lower case
bool valid_utf8(std::string_view text);                                   // RFC 3629: no surrogates, nothing overlong
std::optional<std::int64_t> parse_int(std::string_view text);             // [+-]?[0-9]+ and in range, nothing else
std::string_view trim(std::string_view text);                             // spaces and tabs
std::string read_file(const std::string& path, std::size_t max_bytes);    // throws std::runtime_error naming the path

}  // namespace base
