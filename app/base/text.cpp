#include "app/base/text.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace base {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026

struct Utf8Form {
  std::size_t length = 0;  // 0: no sequence begins with this byte
  unsigned char second_low = 0x80;
  unsigned char second_high = 0xBF;
};

// RFC 3629, section 4: the bounds of the second byte keep out overlong forms, surrogates and what lies past U+10FFFF.
Utf8Form utf8_form(unsigned char first) {
  if (first < 0x80) return {1};
  if (first < 0xC2) return {};
  if (first < 0xE0) return {2};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first < 0xF4) return {4};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

// The length of the plain ASCII that `text` begins with, rounded down to whole words: most text is nothing else.
std::size_t ascii_prefix(std::string_view text) {
  std::size_t length = 0;
  for (std::uint64_t word = 0; text.size() - length >= sizeof word; length += sizeof word) {
    std::memcpy(&word, text.data() + length, sizeof word);
    if ((word & 0x8080'8080'8080'8080U) != 0) break;
  }
  return length;
}

}  // namespace

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> split_words(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  std::vector<std::string_view> words;
  for (auto start = text.find_first_not_of(kBlanks); start != std::string_view::npos;) {
    const auto end = std::min(text.find_first_of(kBlanks, start), text.size());
    words.push_back(text.substr(start, end - start));
    start = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

std::string read_file(const std::string& path, std::size_t max_bytes) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be read: " + std::strerror(errno));
  std::string text;
  std::array<char, 16384> piece;
  while (text.size() <= max_bytes && (file.read(piece.data(), piece.size()), file.gcount() > 0))
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  if (file.bad()) throw std::runtime_error(path + ": cannot be read: " + std::strerror(errno));
  if (text.size() > max_bytes)
    throw std::runtime_error(path + ": is larger than " + std::to_string(max_bytes) + " bytes");
  return text;
}

std::size_t utf8_sequence(std::string_view text) {
  if (text.empty()) return 0;
  const Utf8Form form = utf8_form(static_cast<unsigned char>(text[0]));
  if (form.length == 0 || text.size() < form.length) return 0;
  for (std::size_t i = 1; i < form.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < (i == 1 ? form.second_low : 0x80) || byte > (i == 1 ? form.second_high : 0xBF)) return 0;
  }
  return form.length;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool valid_utf8(std::string_view text) {
  while (!text.empty()) {
    text.remove_prefix(ascii_prefix(text));
    if (text.empty()) break;
    const std::size_t length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string replace_bad_utf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    clean += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return clean;
}

std::size_t control_sequence(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return 2;  // C1
  if (text.starts_with("\xD8\x9C")) return 2;                          // U+061C
  if (byte(0) != 0xE2) return 0;
  const bool mark_or_embedding = byte(1) == 0x80 && (byte(2) == 0x8E || byte(2) == 0x8F ||   // U+200E, U+200F
                                                     (byte(2) >= 0xAA && byte(2) <= 0xAE));  // U+202A to U+202E
  const bool isolate = byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;                // U+2066 to U+2069
  return mark_or_embedding || isolate ? 3 : 0;
}

std::string without_controls(std::string_view text) {
  const std::string whole = replace_bad_utf8(text);
  std::string plain;
  for (std::string_view rest = whole; !rest.empty();) {
    const std::size_t control = control_sequence(rest);
    const std::size_t size = control > 0 ? control : utf8_sequence(rest);
    if (control == 0) plain += rest.substr(0, size);
    rest.remove_prefix(size);
  }
  return plain;
}

std::size_t unseen_sequence(std::string_view text) {
  // Of Unicode's Default_Ignorable_Code_Point.
  constexpr std::array<std::string_view, 16> kUnseen = {"\uffa0", "\u00ad", "\u034f", "\u115f", "\u1160", "\u17b4",
                                                        "\u17b5", "\u180e", "\u200b", "\u2060", "\u2061", "\u2062",
                                                        "\u2063", "\u2064", "\u3164", "\ufeff"};
  for (const auto character : kUnseen)
    if (text.starts_with(character)) return character.size();
  return 0;
}

bool shows_nothing(std::string_view text) {
  constexpr std::array<std::string_view, 26> kBlank = {
      // Unicode's White_Space, and the joiners
      "\u2000", "\u2001", " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u00a0",
      "\u1680", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009",
      "\u200a", "\u200c", "\u200d", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  while (!text.empty()) {
    std::size_t length = unseen_sequence(text);
    for (const auto character : kBlank)
      if (text.starts_with(character)) length = character.size();
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string shorten(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)).append(kEllipsis);
}

}  // namespace base
