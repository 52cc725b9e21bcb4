#include "app/check/script_value.hpp"

#include "app/http/query.hpp"

namespace check {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxValue = 8192;  // bytes

}  // namespace

ScriptValues::ScriptValues(std::span<const ScriptToken> tokens) : tokens_(tokens) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind != ScriptToken::Kind::name || (i > 0 && tokens[i - 1].is("."))) continue;
    if (sign(i + 1, "+=")) variables_[tokens[i].text] = std::nullopt;
    if (!sign(i + 1, "=")) continue;
    auto value = at(i + 2);
    const auto [variable, first] = variables_.emplace(tokens[i].text, std::move(value));
    if (!first) variable->second = std::nullopt;
  }
}

bool ScriptValues::sign(std::size_t token, std::string_view text) const {
  return token < tokens_.size() && tokens_[token].kind == ScriptToken::Kind::sign && tokens_[token].text == text;
}

std::optional<std::string> ScriptValues::at(std::size_t token) const {
  auto value = sum(token, 0);
  if (!value || token >= tokens_.size() || tokens_[token].line_before) return value;
  for (const std::string_view end : {";", ")", ",", "}", "]"})
    if (sign(token, end)) return value;
  return std::nullopt;
}

std::optional<std::string> ScriptValues::sum(std::size_t& token, int depth) const {
  auto value = term(token, depth);
  while (value && sign(token, "+")) {
    const auto next = term(++token, depth);
    if (!next || value->size() + next->size() > kMaxValue) return std::nullopt;
    *value += *next;
  }
  return value;
}

std::optional<std::string> ScriptValues::term(std::size_t& token, int depth) const {
  if (token >= tokens_.size() || depth > kMaxDepth) return std::nullopt;
  const ScriptToken& first = tokens_[token];
  if (first.kind == ScriptToken::Kind::text || first.kind == ScriptToken::Kind::number)
    return ++token, first.text.size() <= kMaxValue ? std::optional(first.text) : std::nullopt;
  if (sign(token, "(") || sign(token + 1, "(")) return call(token, depth);
  const auto variable = variables_.find(first.text);
  ++token;
  return variable == variables_.end() ? std::nullopt : variable->second;
}

// Brackets, or a function that browsers have for undoing escapes.
std::optional<std::string> ScriptValues::call(std::size_t& token, int depth) const {
  const std::string name = sign(token, "(") ? std::string() : tokens_[token++].text;
  auto inner = sum(++token, depth + 1);
  if (!inner || !sign(token, ")")) return std::nullopt;
  ++token;
  if (name.empty() || name == "String" || name == "encodeURI") return inner;
  if (name == "decodeURIComponent" || name == "decodeURI" || name == "unescape")
    return http::percent_decode(*inner, false);
  return std::nullopt;
}

}  // namespace check
