// The visit's parameters on their way to the destination. What comes in is anybody's: each byte that leaves is one that
// a Location header may hold, and none of the destination's own parameters can be meant by a name that gets through.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "app/base/text.hpp"
#include "handlers/redirect.hpp"

namespace handlers {
namespace {

// The next part of `rest` up to a separator, which is taken off with it.
std::string_view take_parameter(std::string_view& rest, std::string_view separators) {
  const std::size_t end = std::min(rest.find_first_of(separators), rest.size());
  const std::string_view parameter = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return parameter;
}

bool escape_at(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] == '%' && base::hex_value(text[at + 1]) >= 0 &&
         base::hex_value(text[at + 2]) >= 0;
}

char unescape(std::string_view text, std::size_t& at) {
  if (text[at] == '+') return ' ';
  if (!escape_at(text, at)) return text[at];
  const int byte = base::hex_value(text[at + 1]) * 16 + base::hex_value(text[at + 2]);
  at += 2;
  return static_cast<char>(byte);
}

char folded(char c) {
  if (c == ' ' || c == '.' || c == '[') return '_';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Without the blanks before a name, which PHP drops.
std::string decoded_name(std::string_view parameter) {
  const std::string_view encoded = parameter.substr(0, parameter.find('='));
  std::string name;
  for (std::size_t at = 0; at < encoded.size(); ++at) name += unescape(encoded, at);
  name.erase(0, std::min(name.find_first_not_of(' '), name.size()));
  return name;
}

// PHP drops all from a NUL on, others do not.
std::string up_to_nul(std::string name) {
  name.resize(std::min(name.find('\0'), name.size()));
  return name;
}

// "a[b": PHP puts '_' for the bracket, others take it as it is.
bool unclosed(std::string_view name) {
  const std::size_t bracket = name.find('[');
  return bracket != std::string_view::npos && name.find(']', bracket) == std::string_view::npos;
}

// "a]" and "]a": Rack, up to version 2, takes both for "a". A name of this kind means no good.
bool closed_before_opened(std::string_view name) {
  return std::min(name.find(']'), name.size()) < std::min(name.find('['), name.size());
}

// What a server may take a decoded name for, so that two that may be the same are: in lower case, of an array the part
// before the bracket, and '_' for what PHP puts it for. Empty: nothing that a server could ask for.
std::string meaning(std::string name) {
  if (!unclosed(name)) name.resize(std::min(name.find('['), name.size()));
  std::transform(name.begin(), name.end(), name.begin(), folded);
  return name;
}

void add_names(std::vector<std::string>& names, std::string_view query, std::string_view separators) {
  const auto add = [&](const std::string& name) {
    if (!name.empty()) names.push_back(meaning(name));
  };
  while (!query.empty()) {
    const std::string name = decoded_name(take_parameter(query, separators));
    add(up_to_nul(name));
    if (name.find('\0') != std::string::npos) add(name);
  }
}

// Sorted. Some servers split at ';' too, so what stands between is a name here; of what comes in, no ';' gets through.
std::vector<std::string> names_in(std::string_view own_query) {
  std::vector<std::string> names;
  add_names(names, own_query, "&");
  if (own_query.find(';') != std::string_view::npos) add_names(names, own_query, "&;");
  std::sort(names.begin(), names.end());
  return names;
}

// As they stand: RFC 3986's characters of a query and the brackets, which browsers leave alone. Not: "'", which ends
// attributes, and ';'. A '%' only where it begins an escape.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (const char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&()*+,=:@/?[]"))
    plain[static_cast<unsigned char>(c)] = true;
  return plain;
}();

void append_encoded(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (kPlain[byte] || escape_at(text, at))
      out += text[at];
    else
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
  }
}

}  // namespace

std::string pass_query(std::string_view destination, std::string_view query) {
  const std::size_t end = std::min(destination.find('#'), destination.size());
  const std::string_view fragment = destination.substr(end);
  std::string result(destination.substr(0, end));
  const std::size_t mark = result.find('?');
  const auto own =
      names_in(mark == std::string::npos ? std::string_view() : destination.substr(mark + 1, end - mark - 1));
  const bool ends_a_parameter = mark + 1 == result.size() || result.back() == '&';
  char joint = mark == std::string::npos ? '?' : ends_a_parameter ? '\0' : '&';
  while (!query.empty()) {
    const std::string_view parameter = take_parameter(query, "&");
    const std::string decoded = up_to_nul(decoded_name(parameter));
    const bool odd = unclosed(decoded) || closed_before_opened(decoded);
    const std::string name = odd ? std::string() : meaning(decoded);
    if (name.empty() || std::binary_search(own.begin(), own.end(), name)) continue;
    const std::size_t before = result.size();
    if (joint != '\0') result += joint;
    append_encoded(result, parameter);
    if (result.size() + fragment.size() > kMaxLocation)
      result.resize(before);
    else
      joint = '&';
  }
  return result.append(fragment);
}

}  // namespace handlers
