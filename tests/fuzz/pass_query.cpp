// Query pass-through: whatever a visitor brings, the destination stands as it is and keeps its own parameters. The
// first line is the destination, the rest the visit's query.
#include <algorithm>
#include <set>
#include <string>

#include "app/base/text.hpp"
#include "handlers/redirect.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

// Decoded as form data, in lower case, of an array the part before the bracket: a reading of its own, simpler than the
// code's.
std::string name_of(std::string_view parameter) {
  parameter = parameter.substr(0, parameter.find('='));
  std::string name;
  for (std::size_t i = 0; i < parameter.size(); ++i) {
    char c = parameter[i] == '+' ? ' ' : parameter[i];
    if (c == '%' && i + 2 < parameter.size() && base::hex_value(parameter[i + 1]) >= 0 &&
        base::hex_value(parameter[i + 2]) >= 0) {
      c = static_cast<char>(base::hex_value(parameter[i + 1]) * 16 + base::hex_value(parameter[i + 2]));
      i += 2;
    }
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const auto bracket = name.find('[');
  return bracket != std::string::npos && name.find(']', bracket) != std::string::npos ? name.substr(0, bracket) : name;
}

std::set<std::string> names_of(std::string_view query) {
  std::set<std::string> names;
  while (!query.empty())
    if (std::string name = name_of(fuzz::next_part(query, '&')); !name.empty()) names.insert(std::move(name));
  return names;
}

bool fit_for_a_header(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; }) &&
         text.find_first_of("\"'<>\\^`{|};#") == std::string_view::npos;
}

bool whole_escapes(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (at + 2 >= text.size() || base::hex_value(text[at + 1]) < 0 || base::hex_value(text[at + 2]) < 0) return false;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view query = fuzz::text(data, size);
  const std::string_view destination = fuzz::next_part(query, '\n');
  const std::string_view base = destination.substr(0, destination.find('#'));
  const std::string_view fragment = destination.substr(base.size());
  const std::string result = handlers::pass_query(destination, query);
  fuzz::require(result.starts_with(base), "the destination up to its fragment comes first");
  fuzz::require(result.ends_with(fragment) && result.size() >= destination.size(), "its fragment comes last");
  fuzz::require(result.size() <= std::max(handlers::kMaxLocation, destination.size()),
                "no longer than a header may be");
  const auto added = std::string_view(result).substr(base.size(), result.size() - destination.size());
  fuzz::require(fit_for_a_header(added), "what is added are bytes that a Location may hold");
  fuzz::require(whole_escapes(added), "no '%' without its digits");
  const std::size_t mark = base.find('?');
  fuzz::require(added.empty() || mark != std::string_view::npos || added.front() == '?', "a query begins with '?'");
  const auto own = names_of(mark == std::string_view::npos ? std::string_view() : base.substr(mark + 1));
  const bool begins_query = mark == std::string_view::npos && !added.empty();
  for (const auto& name : names_of(added.substr(begins_query ? 1 : 0)))
    fuzz::require(own.count(name) == 0, "no name that the destination has");
  fuzz::require(handlers::pass_query(result, query) == result, "the same query again adds nothing");
  return 0;
}
