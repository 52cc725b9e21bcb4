// IP addresses as URLs write them, and which of them are not a public host's: for checking a destination before it is
// stored, and again when it is connected to, whatever its name resolved to by then.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace http {

using Ipv4 = std::uint32_t;                 // host order: 127.0.0.1 is 0x7F000001
using Ipv6 = std::array<std::uint8_t, 16>;  // as it goes over the wire

// What the address is set aside for ("a private network"); nullopt if it may be a public host. That is everything in
// IANA's registries of special-purpose addresses, multicast, what is deprecated, and every IPv6 form that carries an
// IPv4 address (mapped, NAT64, 6to4, Teredo ...): who has to reach one of those judges the address inside.
std::optional<std::string_view> special_use(Ipv4 address);
std::optional<std::string_view> special_use(const Ipv6& address);

// Whether a browser takes the host for an IPv4 address, good or bad: its last label is a number.
// Source: WHATWG URL, "ends in a number checker".
bool ends_in_number(std::string_view host);

// All spellings that browsers take: 127.0.0.1, 127.1, 0x7f.1, 017700000001, 2130706433, each with a dot at the end.
// nullopt: none. Source: WHATWG URL, "IPv4 parser".
std::optional<Ipv4> parse_ipv4(std::string_view host);

// Without the brackets, and without a zone.
std::optional<Ipv6> parse_ipv6(std::string_view text);

}  // namespace http
