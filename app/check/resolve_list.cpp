#include "app/check/resolve_list.hpp"

#include <algorithm>
#include <stdexcept>

#include <arpa/inet.h>

#include "app/base/text.hpp"
#include "app/check/url.hpp"

namespace check {
namespace {

[[noreturn]] void refuse(std::string_view entry) {
  throw std::invalid_argument("\"" + base::shorten(base::replace_bad_utf8(entry), 200) +
                              "\" gives no host an address: write HOST:PORT:ADDRESS, as in shop.example:443:192.0.2.7");
}

bool is_address(const std::string& text) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 || inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

std::string without_brackets(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

}  // namespace

void ResolveList::add(std::string_view entry) {
  const std::size_t first = entry.find(':');
  const std::size_t second = first == std::string_view::npos ? first : entry.find(':', first + 1);
  if (second == std::string_view::npos || first == 0) refuse(entry);
  const auto port = base::parse_int(entry.substr(first + 1, second - first - 1)).value_or(0);
  if (port < 1 || port > 65535) refuse(entry);
  std::vector<std::string> addresses;
  for (std::size_t start = second + 1; start <= entry.size();) {
    const std::size_t end = std::min(entry.find(',', start), entry.size());
    addresses.push_back(without_brackets(entry.substr(start, end - start)));
    if (!is_address(addresses.back())) refuse(entry);
    start = end + 1;
  }
  entries_[{lower_ascii(entry.substr(0, first)), static_cast<std::uint16_t>(port)}] = std::move(addresses);
}

const std::vector<std::string>* ResolveList::find(const std::string& host, std::uint16_t port) const {
  auto at = entries_.find({host, port});
  if (at == entries_.end()) at = entries_.find({"*", port});
  return at == entries_.end() ? nullptr : &at->second;
}

}  // namespace check
