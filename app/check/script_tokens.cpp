#include "app/check/script_tokens.hpp"

#include <array>

#include "app/base/text.hpp"

namespace check {
namespace {

using Kind = ScriptToken::Kind;

bool name_character(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

void append_utf8(std::string& text, unsigned code) {
  const auto add = [&](unsigned byte) { text += static_cast<char>(byte); };
  if (code < 0x80) return add(code);
  if (code < 0x800) return add(0xC0 | code >> 6), add(0x80 | (code & 0x3F));
  if (code < 0x10000) return add(0xE0 | code >> 12), add(0x80 | (code >> 6 & 0x3F)), add(0x80 | (code & 0x3F));
  add(0xF0 | (code >> 18 & 7));
  add(0x80 | (code >> 12 & 0x3F));
  add(0x80 | (code >> 6 & 0x3F));
  add(0x80 | (code & 0x3F));
}

class Scanner {
 public:
  explicit Scanner(std::string_view script) : rest_(script) {}

  std::vector<ScriptToken> all() {
    while (skip_space(), !rest_.empty() && tokens_.size() < kMaxScriptTokens) next();
    return std::move(tokens_);
  }

 private:
  void skip_space() {
    while (!rest_.empty()) {
      if (rest_[0] == '\n' || rest_[0] == '\r') line_ = true;
      if (static_cast<unsigned char>(rest_[0]) <= ' ') {
        rest_.remove_prefix(1);
      } else if (rest_.starts_with("//") || rest_.starts_with("<!--") || (line_ && rest_.starts_with("-->"))) {
        rest_.remove_prefix(std::min(rest_.find_first_of("\r\n"), rest_.size()));
      } else if (rest_.starts_with("/*")) {
        const std::size_t end = rest_.find("*/", 2);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 2);
      } else {
        return;
      }
    }
  }

  void next() {
    const char c = rest_[0];
    if (c == '"' || c == '\'' || c == '`') return quoted(c);
    if (c == '/' && expects_value()) return pattern();
    if (name_character(c)) return word();
    sign();
  }

  void add(Kind kind, std::string text) {
    tokens_.push_back({kind, std::move(text), line_});
    line_ = false;
  }

  void word() {
    std::size_t size = 1;
    while (size < rest_.size() && name_character(rest_[size])) ++size;
    const bool digit = rest_[0] >= '0' && rest_[0] <= '9';
    add(digit ? Kind::number : Kind::name, std::string(rest_.substr(0, size)));
    rest_.remove_prefix(size);
  }

  void sign() {
    static constexpr std::array<std::string_view, 10> kLong{
        "===", "!==", "...", "=>", "==", "!=", "&&", "||", "??", "+="};
    std::string_view text = rest_.substr(0, 1);
    for (const std::string_view sign : kLong)
      if (text.size() == 1 && rest_.starts_with(sign)) text = sign;
    add(Kind::sign, std::string(text));
    rest_.remove_prefix(text.size());
  }

  // Whether a "/" here begins a regular expression, and is no division.
  bool expects_value() const {
    if (tokens_.empty()) return true;
    const ScriptToken& last = tokens_.back();
    if (last.kind == Kind::sign) return last.text != ")" && last.text != "]" && last.text != "}";
    return last.is("return") || last.is("typeof") || last.is("case");
  }

  void pattern() {
    bool in_set = false;
    std::size_t size = 1;
    for (; size < rest_.size() && rest_[size] != '\n'; ++size) {
      if (rest_[size] == '\\')
        ++size;
      else if (rest_[size] == '[')
        in_set = true;
      else if (rest_[size] == ']')
        in_set = false;
      else if (rest_[size] == '/' && !in_set)
        break;
    }
    add(Kind::other, "/");
    rest_.remove_prefix(std::min(size + 1, rest_.size()));
  }

  void quoted(char quote) {
    std::string text;
    rest_.remove_prefix(1);
    bool plain = true;
    while (!rest_.empty() && rest_[0] != quote && (quote == '`' || rest_[0] != '\n')) {
      if (quote == '`' && rest_.starts_with("${")) plain = false;
      if (rest_[0] == '\\') {
        escape(text);
      } else {
        text += rest_[0];
        rest_.remove_prefix(1);
      }
    }
    if (!rest_.empty()) rest_.remove_prefix(1);
    add(plain ? Kind::text : Kind::other, std::move(text));
  }

  void escape(std::string& text) {
    rest_.remove_prefix(1);
    if (rest_.empty()) return;
    const char c = rest_[0];
    rest_.remove_prefix(1);
    if (c == 'x') return code(text, 2);
    if (c == 'u' && rest_.starts_with('{')) return braced_code(text);
    if (c == 'u') return code(text, 4);
    static constexpr std::string_view kLetters = "nrtbfv0";
    const std::size_t letter = kLetters.find(c);
    if (c == '\n' || c == '\r') return;  // a line goes on
    text += letter == std::string_view::npos ? c : std::string_view("\n\r\t\b\f\v ")[letter];
  }

  void code(std::string& text, std::size_t digits) {
    unsigned value = 0;
    std::size_t used = 0;
    for (; used < digits && used < rest_.size() && base::hex_value(rest_[used]) >= 0; ++used)
      value = value * 16 + static_cast<unsigned>(base::hex_value(rest_[used]));
    append_utf8(text, value);
    rest_.remove_prefix(used);
  }

  void braced_code(std::string& text) {
    rest_.remove_prefix(1);
    code(text, 6);
    if (rest_.starts_with('}')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
  std::vector<ScriptToken> tokens_;
  bool line_ = true;
};

}  // namespace

const ScriptToken& token_at(std::span<const ScriptToken> tokens, std::size_t index) {
  static const ScriptToken none{};
  return index < tokens.size() ? tokens[index] : none;
}

bool opens_bracket(const ScriptToken& token) {
  return token.is("(") || token.is("[") || token.is("{");
}

bool closes_bracket(const ScriptToken& token) {
  return token.is(")") || token.is("]") || token.is("}");
}

std::vector<std::size_t> matching_brackets(std::span<const ScriptToken> tokens) {
  std::vector<std::size_t> match(tokens.size(), 0);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (opens_bracket(tokens[i])) open.push_back(i);
    if (!closes_bracket(tokens[i]) || open.empty()) continue;
    match[open.back()] = i;
    match[i] = open.back();
    open.pop_back();
  }
  return match;
}

std::vector<ScriptToken> script_tokens(std::string_view script) {
  return Scanner(script).all();
}

}  // namespace check
