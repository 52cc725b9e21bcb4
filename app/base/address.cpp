#include "app/base/address.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <arpa/inet.h>

namespace base {
namespace {

struct Range {
  std::array<std::uint8_t, 16> first;
  int bits;
};

constexpr std::array<Range, 18> kSpecialV4{{{{0}, 8},         // this network
                                            {{10}, 8},        // private
                                            {{100, 64}, 10},  // shared by carriers
                                            {{127}, 8},       // loopback
                                            {{168, 63, 129, 16}, 32},
                                            {{169, 254}, 16},      // link local
                                            {{172, 16}, 12},       // private
                                            {{192, 0, 0}, 24},     // protocol assignments
                                            {{192, 0, 2}, 24},     // documentation
                                            {{192, 31, 196}, 24},  // AS112
                                            {{192, 52, 193}, 24},  // AMT
                                            {{192, 88, 99}, 24},   // 6to4 relays
                                            {{192, 168}, 16},      // private
                                            {{192, 175, 48}, 24},  // AS112
                                            {{198, 18}, 15},       // benchmarks
                                            {{198, 51, 100}, 24},  // documentation
                                            {{203, 0, 113}, 24},   // documentation
                                            {{224}, 3}}};          // multicast, reserved, broadcast

constexpr Range kGlobalUnicastV6{{0x20}, 3};
constexpr std::array<Range, 5> kSpecialV6{{{{0x20, 0x01}, 23},                    // protocols: Teredo, ORCHID ...
                                           {{0x20, 0x01, 0x0d, 0xb8}, 32},        // documentation
                                           {{0x20, 0x02}, 16},                    // 6to4
                                           {{0x26, 0x20, 0x00, 0x4f, 0x80}, 48},  // AS112
                                           {{0x3f, 0xff}, 20}}};                  // documentation

bool in(const Address& address, const Range& range) {
  const int whole = range.bits / 8, rest = range.bits % 8;
  const auto* first = range.first.data();
  if (!std::equal(first, first + whole, address.bytes.data())) return false;
  if (rest == 0) return true;
  const auto differ = static_cast<unsigned>(first[whole] ^ address.bytes[static_cast<std::size_t>(whole)]);
  return (differ >> (8 - rest)) == 0;
}

template <typename Ranges>
bool in_any(const Address& address, const Ranges& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) { return in(address, range); });
}

bool all_in(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool hex_prefix(std::string_view part) {
  return part.starts_with("0x") || part.starts_with("0X");
}

// 0x2A, 052, 42; a bare "0x" is 0.
std::optional<std::uint64_t> parse_part(std::string_view part) {
  std::uint64_t base = 10;
  if (hex_prefix(part)) {
    base = 16;
    part.remove_prefix(2);
  } else if (part.size() > 1 && part.front() == '0') {
    base = 8;
    part.remove_prefix(1);
  } else if (part.empty()) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  for (const char c : part) {
    const auto digit = static_cast<std::uint64_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    if (digit >= base || value > UINT32_MAX) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

std::vector<std::string_view> split(std::string_view host) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto dot = std::min(host.find('.'), host.size());
    parts.push_back(host.substr(0, dot));
    if (dot == host.size()) return parts;
    host.remove_prefix(dot + 1);
  }
}

std::string_view without_last_dot(std::string_view host) {
  return host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != std::string_view(terminated.c_str()).size()) return std::nullopt;
  Address address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) return address;
  address.v6 = true;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

bool ends_in_number(std::string_view host) {
  const auto last = split(without_last_dot(host)).back();
  if (last.empty()) return false;
  return all_in(last, "0123456789") || (hex_prefix(last) && all_in(last.substr(2), "0123456789abcdefABCDEF"));
}

// The last part fills all bytes that the parts before it leave.
std::optional<Address> parse_browser_ipv4(std::string_view host) {
  const auto parts = split(without_last_dot(host));
  if (parts.size() > 4) return std::nullopt;
  std::uint64_t whole = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto value = parse_part(parts[i]);
    const bool last = i + 1 == parts.size();
    const auto bytes = last ? 4 - i : 1;
    if (!value || *value >= std::uint64_t{1} << (8 * bytes)) return std::nullopt;
    whole = last ? whole | *value : whole | *value << (8 * (3 - i));
  }
  Address address;
  for (std::size_t i = 0; i < 4; ++i) address.bytes[i] = static_cast<std::uint8_t>(whole >> (8 * (3 - i)));
  return address;
}

bool public_address(const Address& address) {
  if (!address.v6) return !in_any(address, kSpecialV4);
  return in(address, kGlobalUnicastV6) && !in_any(address, kSpecialV6);
}

}  // namespace base
