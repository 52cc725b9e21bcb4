// Sources: IANA's IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and what has been added since), IANA's
// registries of multicast addresses; WHATWG URL, section 3.5.
#include "app/http/address.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <arpa/inet.h>

namespace http {
namespace {

struct Range4 {
  Ipv4 first;
  int bits;
  std::string_view use;
};

constexpr Ipv4 ip(Ipv4 a, Ipv4 b, Ipv4 c, Ipv4 d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::array<Range4, 18> kSpecial4{{{ip(0, 0, 0, 0), 8, "\"this\" network"},
                                            {ip(10, 0, 0, 0), 8, "a private network"},
                                            {ip(100, 64, 0, 0), 10, "a provider's inner network"},
                                            {ip(127, 0, 0, 0), 8, "the computer itself"},
                                            {ip(168, 63, 129, 16), 32, "a cloud's inner services"},
                                            {ip(169, 254, 0, 0), 16, "a local network"},
                                            {ip(172, 16, 0, 0), 12, "a private network"},
                                            {ip(192, 0, 0, 0), 24, "protocols"},
                                            {ip(192, 0, 2, 0), 24, "documentation"},
                                            {ip(192, 31, 196, 0), 24, "protocols"},
                                            {ip(192, 52, 193, 0), 24, "protocols"},
                                            {ip(192, 88, 99, 0), 24, "protocols"},
                                            {ip(192, 168, 0, 0), 16, "a private network"},
                                            {ip(192, 175, 48, 0), 24, "protocols"},
                                            {ip(198, 18, 0, 0), 15, "measurements"},
                                            {ip(198, 51, 100, 0), 24, "documentation"},
                                            {ip(203, 0, 113, 0), 24, "documentation"},
                                            {ip(224, 0, 0, 0), 3, "multicast or nothing yet"}}};

struct Range6 {
  std::array<std::uint16_t, 8> first;  // the words that the prefix covers
  int bits;
  std::string_view use;
};

constexpr std::array<Range6, 19> kSpecial6{{{{0, 0, 0, 0, 0, 0, 0, 1}, 128, "the computer itself"},
                                            {{0, 0, 0, 0, 0, 0xFFFF}, 96, "an IPv4 address in another form"},
                                            {{0, 0, 0, 0, 0xFFFF, 0}, 96, "an IPv4 address in another form"},
                                            {{}, 96, "an IPv4 address in another form, or none"},
                                            {{0x64, 0xFF9B}, 96, "an IPv4 address in another form"},
                                            {{0x64, 0xFF9B, 1}, 48, "an IPv4 address in another form"},
                                            {{0x100, 0, 0, 0}, 64, "nothing: what is sent there is dropped"},
                                            {{0x100, 0, 0, 1}, 64, "nothing: what is sent there is dropped"},
                                            {{0x2001, 0}, 32, "an IPv4 address in another form"},
                                            {{0x2001, 0}, 23, "protocols"},
                                            {{0x2001, 0xDB8}, 32, "documentation"},
                                            {{0x2002}, 16, "an IPv4 address in another form"},
                                            {{0x2620, 0x4F, 0x8000}, 48, "protocols"},
                                            {{0x3FFF, 0}, 20, "documentation"},
                                            {{0x5F00}, 16, "a provider's inner network"},
                                            {{0xFC00}, 7, "a private network"},
                                            {{0xFE80}, 10, "a local network"},
                                            {{0xFEC0}, 10, "a private network"},
                                            {{0xFF00}, 8, "multicast"}}};

bool within(Ipv4 address, const Range4& range) {
  return (address ^ range.first) >> (32 - range.bits) == 0;
}

bool within(const Ipv6& address, const Range6& range) {
  for (int bit = 0; bit < range.bits; bit += 16) {
    const auto word = static_cast<std::size_t>(bit / 16);
    const unsigned has = static_cast<unsigned>(address[2 * word]) << 8 | address[2 * word + 1];
    if ((has ^ range.first[word]) >> std::max(0, 16 - (range.bits - bit)) != 0) return false;
  }
  return true;
}

template <typename Address, typename Ranges>
std::optional<std::string_view> use_in(const Ranges& ranges, const Address& address) {
  const auto range = std::find_if(ranges.begin(), ranges.end(), [&](const auto& r) { return within(address, r); });
  return range == ranges.end() ? std::nullopt : std::optional(range->use);
}

// One part between dots: hexadecimal behind 0x, octal behind 0, else decimal. Too large a number is the largest.
std::optional<std::uint64_t> parse_number(std::string_view part) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (part.empty()) return std::nullopt;
  unsigned radix = 10;
  if (part.size() > 1 && part[0] == '0') {
    const bool hexadecimal = part[1] == 'x' || part[1] == 'X';
    radix = hexadecimal ? 16 : 8;
    part.remove_prefix(hexadecimal ? 2 : 1);
  }
  std::uint64_t number = 0;
  for (const char c : part) {
    const std::size_t digit = kDigits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + ('a' - 'A')) : c);
    if (digit >= radix) return std::nullopt;  // npos, too
    number = std::min<std::uint64_t>(number * radix + digit, std::uint64_t{1} << 40);
  }
  return number;
}

std::vector<std::string_view> parts_of(std::string_view host) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t dot = host.find('.');
    parts.push_back(host.substr(0, dot));
    if (dot == std::string_view::npos) break;
    host.remove_prefix(dot + 1);
  }
  if (parts.size() > 1 && parts.back().empty()) parts.pop_back();
  return parts;
}

}  // namespace

std::optional<std::string_view> special_use(Ipv4 address) {
  return use_in(kSpecial4, address);
}

std::optional<std::string_view> special_use(const Ipv6& address) {
  return use_in(kSpecial6, address);
}

bool ends_in_number(std::string_view host) {
  const std::string_view last = parts_of(host).back();
  const bool digits = !last.empty() && last.find_first_not_of("0123456789") == std::string_view::npos;
  return digits || parse_number(last).has_value();
}

std::optional<Ipv4> parse_ipv4(std::string_view host) {
  const std::vector<std::string_view> parts = parts_of(host);
  if (parts.size() > 4) return std::nullopt;
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_number(parts[i]);
    const std::size_t bytes = i + 1 < parts.size() ? 1 : 5 - parts.size();  // the last one has what is left
    if (!number || *number >= std::uint64_t{1} << 8 * bytes) return std::nullopt;
    address = address << 8 * bytes | *number;
  }
  return static_cast<Ipv4>(address);
}

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  Ipv6 address{};
  if (inet_pton(AF_INET6, std::string(text).c_str(), address.data()) != 1) return std::nullopt;
  return address;
}

}  // namespace http
