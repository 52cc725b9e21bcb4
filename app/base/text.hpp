// Small strict helpers on text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

std::string hex(std::string_view bytes);                                // lower case
std::optional<std::int64_t> parse_int(std::string_view text);           // [+-]?[0-9]+ and in range, nothing else
std::string_view trim(std::string_view text);                           // spaces and tabs
std::vector<std::string_view> split_words(std::string_view text);       // at spaces and tabs; no empty ones
std::string read_file(const std::string& path, std::size_t max_bytes);  // throws std::runtime_error naming the path

int hex_value(char digit);                            // 0..15 in either case; -1 if it is none
bool valid_utf8(std::string_view text);               // RFC 3629: no surrogates, nothing overlong
std::string replace_bad_utf8(std::string_view text);  // each byte that begins no valid sequence becomes U+FFFD

// The length in bytes of the UTF-8 sequence that `text` begins with: 1 to 4, or 0 if there is no valid one.
std::size_t utf8_sequence(std::string_view text);

// The length in bytes of the control character (C0, DEL, C1) or bidi control (Unicode's Bidi_Control: it reorders the
// text around it) that `text` begins with; 0 if it begins with none.
std::size_t control_sequence(std::string_view text);

// Without what control_sequence() finds, and without bad UTF-8.
std::string without_controls(std::string_view text);

// The length in bytes of a character without any width of its own that `text` begins with (U+200B, U+FEFF, U+00AD and
// the like; not the joiners that scripts and emoji need); 0 if it begins with none.
std::size_t unseen_sequence(std::string_view text);

// Nothing but white space, joiners and what unseen_sequence() knows: whoever reads it sees nothing.
bool shows_nothing(std::string_view text);

// At most `max_bytes` of it, cut between two characters, with "…" behind it if something was left out.
std::string shorten(std::string_view text, std::size_t max_bytes);

}  // namespace base
