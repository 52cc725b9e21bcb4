#include "app/base/name.hpp"

#include <algorithm>

#include "app/base/ids.hpp"
#include "app/base/text.hpp"

namespace base {
namespace {

bool holds(std::string_view text, std::size_t (*sequence)(std::string_view)) {
  for (; !text.empty(); text.remove_prefix(1))
    if (sequence(text) > 0) return true;
  return false;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::optional<std::string> name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (!valid_utf8(name)) return "is not valid UTF-8";
  if (holds(name, control_sequence)) return "holds a control character (line feeds, tabs and bidi controls are some)";
  if (name.front() == ' ' || name.back() == ' ') return "begins or ends with a space";
  if (shows_nothing(name)) return "shows nothing: it has only blanks";
  if (holds(name, unseen_sequence)) return "holds a character that nobody can see, such as a zero-width space";
  if (characters(name) > kMaxName) return "is longer than " + std::to_string(kMaxName) + " characters";
  return std::nullopt;
}

std::optional<std::string> account_name_fault(std::string_view name) {
  if (parse_uuid(name)) return "has the form of an id, and could be taken for that of another account";
  return name_fault(name);
}

std::optional<std::string> email_fault(std::string_view email) {
  if (auto fault = name_fault(email)) return fault;
  if (characters(email) > kMaxEmail) return "is longer than " + std::to_string(kMaxEmail) + " characters";
  const auto at = email.find('@');
  const bool one_at = at != std::string_view::npos && at == email.rfind('@') && at > 0 && at + 1 < email.size();
  if (!one_at || email.find(' ') != std::string_view::npos) return "is no email address";
  return std::nullopt;
}

}  // namespace base
