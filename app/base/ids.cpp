#include "app/base/ids.hpp"

#include <algorithm>

#include "app/base/crypto.hpp"
#include "app/base/text.hpp"

namespace base {
namespace {

constexpr std::size_t kUuidLength = 36;
constexpr std::string_view kHexDigits = "0123456789abcdef";

constexpr bool dash_at(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

bool request_id_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
}

}  // namespace

std::string format_uuid(const db::Uuid& id) {
  std::string text(kUuidLength, '-');
  std::size_t position = 0;
  for (const std::uint8_t byte : id) {
    if (dash_at(position)) ++position;
    text[position++] = kHexDigits[byte >> 4];
    text[position++] = kHexDigits[byte & 15];
  }
  return text;
}

std::optional<db::Uuid> parse_uuid(std::string_view text) {
  if (text.size() != kUuidLength) return std::nullopt;
  db::Uuid id;
  std::size_t position = 0;
  for (std::uint8_t& byte : id) {
    if (dash_at(position) && text[position++] != '-') return std::nullopt;
    const int high = hex_value(text[position++]);
    const int low = hex_value(text[position++]);
    if (high < 0 || low < 0) return std::nullopt;
    byte = static_cast<std::uint8_t>(high << 4 | low);
  }
  return id;
}

db::Uuid random_uuid() {
  db::Uuid id;
  random_bytes(id);
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x40);  // version 4 (RFC 9562, section 5.4)
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);  // the variant of RFC 9562
  return id;
}

bool valid_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), request_id_character);
}

}  // namespace base
