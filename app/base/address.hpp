// Internet addresses, and which of them belong to the public internet: all that users may have us send people or
// requests to.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace base {

struct Address {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // network order; of IPv4 the first four
};

std::optional<Address> parse_address(std::string_view text);  // "192.0.2.1", "2001:db8::1", as inet_pton reads them

// "192.0.2.1" in every spelling that browsers take for it (WHATWG URL, section 3.5): "0xc0.0.513", "3221225985".
// nullopt: no address, although its last part is a number; then no browser opens it.
std::optional<Address> parse_browser_ipv4(std::string_view host);

// Whether a browser would take the host for an IPv4 address: its last part is a number.
bool ends_in_number(std::string_view host);

// False for all of IANA's special-purpose ranges, multicast, addresses that carry another address (mapped, NAT64, 6to4,
// Teredo), and 168.63.129.16, behind which a cloud's machines ask for their secrets.
// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, as of 2025.
bool public_address(const Address& address);

}  // namespace base
