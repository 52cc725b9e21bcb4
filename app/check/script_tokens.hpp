// Splits JavaScript into its tokens: enough to see what a short redirect page does, nothing is ever run.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace check {

struct ScriptToken {
  enum class Kind : std::uint8_t { name, text, number, sign, other };  // other: regular expressions, `${templates}`

  Kind kind = Kind::other;
  std::string text;  // of texts: unescaped, without quotes; "=>", "&&", "||" and "??" are one sign, "==" another
  bool line_before = false;  // a line break, or the beginning, is before it

  bool is(std::string_view sign_or_name) const { return kind != Kind::text && text == sign_or_name; }
};

inline constexpr std::size_t kMaxScriptTokens = 20'000;

// One that is nothing, if there is none of that index.
const ScriptToken& token_at(std::span<const ScriptToken> tokens, std::size_t index);

bool opens_bracket(const ScriptToken& token);
bool closes_bracket(const ScriptToken& token);

// Of each bracket: the index of the one that belongs to it; 0: there is none.
std::vector<std::size_t> matching_brackets(std::span<const ScriptToken> tokens);

template <std::size_t size>
bool one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// At most so many tokens; comments are left out. What is no JavaScript gives tokens all the same.
std::vector<ScriptToken> script_tokens(std::string_view script);

}  // namespace check
