#include "app/http/query.hpp"

#include <algorithm>
#include <limits>

#include "app/base/text.hpp"
#include "app/http/problem.hpp"

namespace http {
namespace {

constexpr std::size_t kMaxParameters = 100;
constexpr std::size_t kMaxQuoted = 40;  // bytes of a bad value that an error repeats

bool unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

Problem invalid_query(const std::string& what) {
  return {400, "invalid_query", "The query string cannot be read: " + what};
}

std::string decode(std::string_view encoded) {
  auto text = percent_decode(encoded, true);
  if (!text) throw invalid_query("a '%' must be followed by two hexadecimal digits (a percent sign itself is '%25').");
  if (text->find('\0') != std::string::npos) throw invalid_query("it holds a NUL character ('%00').");
  if (!base::valid_utf8(*text)) throw invalid_query("its decoded bytes are not valid UTF-8.");
  return std::move(*text);
}

Problem invalid_parameter(std::string_view name, std::string detail) {
  Problem problem(400, "invalid_parameter", detail);
  problem.with({.detail = std::move(detail), .parameter = std::string(name), .pointer = {}});
  return problem;
}

// A whole number that no 64-bit integer can hold is still a whole number: it counts as the largest or smallest.
std::optional<std::int64_t> parse_saturated(std::string_view text) {
  if (const auto value = base::parse_int(text)) return value;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return negative ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

Query::Query(std::string_view encoded) {
  while (!encoded.empty()) {
    const std::string_view part = encoded.substr(0, encoded.find('&'));
    encoded.remove_prefix(std::min(encoded.size(), part.size() + 1));
    if (part.empty()) continue;
    if (parameters_.size() == kMaxParameters)
      throw invalid_query("it has more than " + std::to_string(kMaxParameters) + " parameters.");
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view value = part.substr(std::min(equals + 1, part.size()));
    parameters_.emplace_back(decode(part.substr(0, equals)), decode(value));
  }
}

const std::string* Query::find(std::string_view name) const {
  const std::string* found = nullptr;
  for (const auto& [other, value] : parameters_) {
    if (other != name) continue;
    if (found)
      throw invalid_parameter(name, "The query parameter '" + std::string(name) + "' is given more than once.");
    found = &value;
  }
  return found;
}

std::int64_t Query::integer(std::string_view name, std::int64_t fallback, std::int64_t minimum) const {
  const std::string* const text = find(name);
  if (!text) return fallback;
  const auto value = parse_saturated(*text);
  if (value && *value >= minimum) return *value;
  throw invalid_parameter(name, "The query parameter '" + std::string(name) + "' must be an integer of at least " +
                                    std::to_string(minimum) + ", not '" + base::shorten(*text, kMaxQuoted) + "'.");
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = base::hex_value(text[i + 1]);
      const int low = base::hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4];
    encoded += kDigits[byte & 15];
  }
  return encoded;
}

}  // namespace http
