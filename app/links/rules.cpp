#include "app/links/rules.hpp"

#include <algorithm>
#include <cctype>

#include "app/base/text.hpp"
#include "app/links/destination.hpp"

namespace links {
namespace {

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool holds_control(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(1))
    if (base::control_sequence(text) > 0) return true;
  return false;
}

bool space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

Reason text_fault(std::string_view text, std::size_t longest) {
  if (text.empty()) return "is empty";
  if (space(text.front()) || space(text.back())) return "begins or ends with a space";
  if (holds_control(text)) return "holds a control character";
  if (base::shows_nothing(text)) return "shows nothing: it has only blanks";
  if (characters(text) > longest) return "is longer than " + std::to_string(longest) + " characters";
  return std::nullopt;
}

}  // namespace

Reason label_fault(std::string_view label) {
  return text_fault(label, kMaxLabel);
}

Reason program_fault(std::string_view program) {
  return text_fault(program, kMaxProgram);
}

// ";" parts the tags of a CSV cell.
Reason tag_fault(std::string_view tag) {
  if (auto fault = text_fault(tag, kMaxTag)) return fault;
  if (tag.find(';') != std::string_view::npos) return "holds a \";\", which parts tags in CSV files";
  return std::nullopt;
}

Reason slug_fault(std::string_view slug) {
  const auto allowed = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; };
  if (slug.empty()) return "is empty";
  if (!std::all_of(slug.begin(), slug.end(), allowed)) return "may hold only A-Z, a-z, 0-9, _ and -";
  if (slug.size() > kMaxSlug) return "is longer than " + std::to_string(kMaxSlug) + " characters";
  return std::nullopt;
}

Reason url_fault(std::string_view url, std::string_view public_url) {
  return destination_fault(url, public_url);
}

std::string label_for(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  url = url.substr(0, url.find_first_of("?#"));
  while (url.ends_with('/')) url.remove_suffix(1);
  return base::shorten(url, kMaxLabel - 1);  // a "…" may come behind it
}

}  // namespace links
