#include "app/base/config_characters.hpp"

#include <algorithm>

namespace base {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The length of the quoted text that `rest` begins with, quotes included; it ends with the line at the latest.
std::size_t quoted_length(std::string_view rest) {
  const char quote = rest[0];
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\' && quote == '"') {
      ++i;
    } else if (rest[i] == quote) {
      return i + 1;
    }
  }
  return rest.size();
}

// Text begins a line, a key's part or a value, and nothing else.
bool text_may_follow(char before) {
  return std::string_view("=[,{.").find(before) != std::string_view::npos || before == '\0';
}

std::string complaint_about(std::string_view line) {
  char before = '\0';  // the last character that is no space; a closing quote where text has ended
  while (!line.empty() && line[0] != '#') {
    if (line.starts_with("\"\"\"") || line.starts_with("'''")) return "text of several lines; write it in one";
    if (static_cast<unsigned char>(line[0]) >= 0x80) return "a character beyond ASCII (text needs quotes)";
    const bool quote = line[0] == '"' || line[0] == '\'';
    if (quote && !text_may_follow(before)) return "a quote where no text can begin";
    if (line[0] != ' ' && line[0] != '\t') before = line[0];
    line.remove_prefix(quote ? quoted_length(line) : 1);
  }
  return {};
}

}  // namespace

StrayCharacter find_stray_character(std::string_view toml) {
  if (toml.starts_with(kByteOrderMark)) toml.remove_prefix(kByteOrderMark.size());
  for (std::size_t number = 1; !toml.empty(); ++number) {
    const std::string_view line = toml.substr(0, toml.find('\n'));
    std::string complaint = complaint_about(line);
    if (!complaint.empty()) return {number, std::move(complaint)};
    toml.remove_prefix(std::min(toml.size(), line.size() + 1));
  }
  return {};
}

}  // namespace base
