// One statement of a script that leads away, or may: an assignment to location, a call of its methods or of a function.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "app/check/script_tokens.hpp"
#include "app/check/script_value.hpp"

namespace check {

struct ScriptLead {
  std::string call{};                      // of this function; empty: it leads away itself
  std::optional<std::string> reference{};  // where; nullopt: computed
};

// Of the statement that begins at this token. nullopt: it is another one.
std::optional<ScriptLead> script_lead(std::span<const ScriptToken> tokens, const ScriptValues& values,
                                      std::size_t index);

}  // namespace check
