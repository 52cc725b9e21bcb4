// A look at the characters of a TOML file before toml++ sees them: on one beyond ASCII outside of quotes and comments
// its behaviour is undefined (3.3, is_non_ascii_horizontal_whitespace).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace base {

struct StrayCharacter {
  std::size_t line = 0;  // from 1; 0: there is none
  std::string complaint;
};

// Texts of several lines (""" and ''') are complained of too: no setting needs one, and without them a quote is easy to
// follow.
StrayCharacter find_stray_character(std::string_view toml);

}  // namespace base
