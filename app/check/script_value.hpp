// The texts that a script's expressions come to, as far as they are made of texts that stand in it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "app/check/script_tokens.hpp"

namespace check {

class ScriptValues {
 public:
  // Learns the variables that are assigned once, and a plain text.
  explicit ScriptValues(std::span<const ScriptToken> tokens);

  // Of the expression that begins at this token; nullopt: computed otherwise.
  std::optional<std::string> at(std::size_t token) const;

 private:
  std::optional<std::string> sum(std::size_t& token, int depth) const;
  std::optional<std::string> term(std::size_t& token, int depth) const;
  std::optional<std::string> call(std::size_t& token, int depth) const;
  bool sign(std::size_t token, std::string_view text) const;

  std::span<const ScriptToken> tokens_;
  std::map<std::string, std::optional<std::string>, std::less<>> variables_;
};

}  // namespace check
