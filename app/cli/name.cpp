#include "app/cli/name.hpp"

#include <algorithm>

#include "app/base/ids.hpp"
#include "app/base/text.hpp"

namespace cli {
namespace {

bool holds_control(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(1))
    if (base::control_sequence(text) > 0) return true;
  return false;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::optional<std::string> name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (!base::valid_utf8(name)) return "is not valid UTF-8";
  if (holds_control(name)) return "holds a control character (line feeds, tabs and bidi controls are some)";
  if (name.front() == ' ' || name.back() == ' ') return "begins or ends with a space";
  if (characters(name) > kMaxName) return "is longer than " + std::to_string(kMaxName) + " characters";
  return std::nullopt;
}

std::optional<std::string> account_name_fault(std::string_view name) {
  if (base::parse_uuid(name)) return "has the form of an id, and could be taken for that of another account";
  return name_fault(name);
}

}  // namespace cli
