#include "app/check/script_lead.hpp"

namespace check {
namespace {

using Tokens = std::span<const ScriptToken>;
using Lead = std::optional<ScriptLead>;

// ".name" or ["name"]
bool is_member(Tokens tokens, std::size_t index) {
  const ScriptToken& sign = token_at(tokens, index);
  return sign.is(".") || (sign.is("[") && token_at(tokens, index + 1).kind == ScriptToken::Kind::text);
}

std::size_t behind_member(Tokens tokens, std::size_t index) {
  return index + (token_at(tokens, index).is("[") ? 3 : 2);
}

// Steps over "window.location", "self['location']" ... False: it is something else.
bool step_over_location(Tokens tokens, std::size_t& next) {
  static constexpr std::array<std::string_view, 7> kOwners{"window",   "self",       "top", "parent",
                                                           "document", "globalThis", "this"};
  if (token_at(tokens, next).kind != ScriptToken::Kind::name) return false;
  std::size_t name = next;
  for (++next; one_of(token_at(tokens, name).text, kOwners) && is_member(tokens, next);) {
    name = next + 1;
    next = behind_member(tokens, next);
  }
  return token_at(tokens, name).text == "location";
}

// location = ..., location.href = ..., location.replace(...), location.assign(...)
Lead at_location(Tokens tokens, const ScriptValues& values, std::size_t index) {
  std::size_t next = index;
  if (!step_over_location(tokens, next)) return std::nullopt;
  bool method = false;
  if (is_member(tokens, next)) {
    const std::string& name = token_at(tokens, next + 1).text;
    method = name == "replace" || name == "assign";
    if (!method && name != "href") return std::nullopt;
    next = behind_member(tokens, next);
  }
  if (!token_at(tokens, next).is(method ? "(" : "=")) return std::nullopt;
  auto reference = values.at(next + 1);
  std::size_t value = next + 1;
  if (!reference && step_over_location(tokens, value)) return std::nullopt;  // to itself: out of a frame, or again
  return ScriptLead{.reference = std::move(reference)};
}

// $(location).attr("href", ...)
bool is_jquery(Tokens tokens, std::size_t index) {
  const auto text = [&](std::size_t offset) { return token_at(tokens, index + offset).text; };
  return text(1) == "(" && text(2) == "location" && text(3) == ")" && (text(5) == "attr" || text(5) == "prop") &&
         text(7) == "href";
}

// document.forms[0].submit(), document.getElementById("go").click()
bool submits(Tokens tokens, std::size_t index) {
  for (std::size_t i = index + 1; i < index + 12 && !token_at(tokens, i).is(";"); ++i) {
    const ScriptToken& name = token_at(tokens, i);
    const bool call = token_at(tokens, i + 1).is("(") && token_at(tokens, i + 2).is(")");
    if (call && (name.is("submit") || name.is("click"))) return true;
  }
  return false;
}

// The function of "window.onload = go".
const ScriptToken* onload(Tokens tokens, std::size_t index) {
  const std::size_t name = index + (token_at(tokens, index).is("window") ? 2 : 0);
  const ScriptToken& function = token_at(tokens, name + 2);
  const bool assigned = token_at(tokens, name).is("onload") && token_at(tokens, name + 1).is("=");
  return assigned && function.kind == ScriptToken::Kind::name ? &function : nullptr;
}

}  // namespace

Lead script_lead(Tokens tokens, const ScriptValues& values, std::size_t index) {
  const ScriptToken& first = token_at(tokens, index);
  if (first.kind != ScriptToken::Kind::name) return std::nullopt;
  if (auto lead = at_location(tokens, values, index)) return lead;
  if (is_jquery(tokens, index)) return ScriptLead{.reference = values.at(index + 9)};
  if (const ScriptToken* const function = onload(tokens, index)) return ScriptLead{.call = function->text};
  if (first.is("document") && submits(tokens, index)) return ScriptLead{};
  if (token_at(tokens, index + 1).is("(")) return ScriptLead{.call = first.text};
  return std::nullopt;
}

}  // namespace check
