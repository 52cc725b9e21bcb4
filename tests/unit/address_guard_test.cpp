// Which addresses a check may connect to. Every range of IANA's special-purpose registries at both edges, from inside
// and from outside.
// Sources: https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry.
#include "app/check/address_guard.hpp"

#include <array>
#include <cstring>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "tests/support/boost_test.hpp"

using check::AddressGuard;

namespace {

using Address = std::array<std::uint8_t, 16>;

// What the guard says of it. An IPv4 address has its four bytes in front.
std::optional<std::string> fault_of(AddressGuard& guard, const Address& bytes, bool v6, std::uint16_t port = 443) {
  sockaddr_storage storage{};
  if (v6) {
    auto& address = reinterpret_cast<sockaddr_in6&>(storage);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    std::memcpy(&address.sin6_addr, bytes.data(), 16);
  } else {
    auto& address = reinterpret_cast<sockaddr_in&>(storage);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    std::memcpy(&address.sin_addr, bytes.data(), 4);
  }
  return guard.fault(reinterpret_cast<const sockaddr&>(storage));
}

bool is_v6(const std::string& text) {
  return text.find(':') != std::string::npos;
}

Address parse(const std::string& text) {
  Address bytes{};
  if (inet_pton(is_v6(text) ? AF_INET6 : AF_INET, text.c_str(), bytes.data()) != 1) throw std::invalid_argument(text);
  return bytes;
}

std::optional<std::string> fault_of(AddressGuard& guard, const std::string& text, std::uint16_t port = 443) {
  return fault_of(guard, parse(text), is_v6(text), port);
}

bool passes(const std::string& text, std::uint16_t port = 443) {
  AddressGuard guard;
  return !fault_of(guard, text, port);
}

// One further, or one back; wraps around at the ends.
Address neighbour(Address bytes, bool v6, int step) {
  for (std::size_t i = v6 ? 16 : 4; i-- > 0;) {
    bytes.at(i) = static_cast<std::uint8_t>(bytes.at(i) + step);
    if (bytes.at(i) != (step > 0 ? 0 : 255)) break;
  }
  return bytes;
}

Address last_of(Address bytes, int prefix_bits, bool v6) {
  for (int bit = prefix_bits; bit < (v6 ? 128 : 32); ++bit)
    bytes.at(static_cast<std::size_t>(bit / 8)) |= static_cast<std::uint8_t>(0x80 >> bit % 8);
  return bytes;
}

struct Range {
  std::string first;
  int bits;
  bool free_before = true;  // the neighbours are public
  bool free_behind = true;
};

const std::vector<Range> kRanges = {{"0.0.0.0", 8, false},
                                    {"10.0.0.0", 8},
                                    {"100.64.0.0", 10},
                                    {"127.0.0.0", 8},
                                    {"168.63.129.16", 32},
                                    {"169.254.0.0", 16},
                                    {"172.16.0.0", 12},
                                    {"192.0.0.0", 24},
                                    {"192.0.2.0", 24},
                                    {"192.31.196.0", 24},
                                    {"192.52.193.0", 24},
                                    {"192.88.99.0", 24},
                                    {"192.168.0.0", 16},
                                    {"192.175.48.0", 24},
                                    {"198.18.0.0", 15},
                                    {"198.51.100.0", 24},
                                    {"203.0.113.0", 24},
                                    {"224.0.0.0", 4, true, false},
                                    {"240.0.0.0", 4, false, false},
                                    {"255.255.255.255", 32, false, false},
                                    {"::", 128, false, false},
                                    {"::1", 128, false, false},
                                    {"::", 96, false, true},
                                    {"::ffff:0:0", 96},
                                    {"::ffff:0:0:0", 96},
                                    {"64:ff9b::", 96},
                                    {"64:ff9b:1::", 48},
                                    {"100::", 64, true, false},
                                    {"100:0:0:1::", 64, false, true},
                                    {"2001::", 23},
                                    {"2001::", 32, true, false},
                                    {"2001:2::", 48, false, false},
                                    {"2001:10::", 28, false, false},
                                    {"2001:20::", 28, false, false},
                                    {"2001:db8::", 32},
                                    {"2002::", 16},
                                    {"2620:4f:8000::", 48},
                                    {"3fff::", 20},
                                    {"5f00::", 16},
                                    {"fc00::", 7},
                                    {"fe80::", 10, true, false},
                                    {"fec0::", 10, false, false},
                                    {"ff00::", 8, false, false}};

}  // namespace

BOOST_AUTO_TEST_SUITE(address_guard)

BOOST_AUTO_TEST_CASE(every_special_range_is_refused_up_to_its_edges) {
  AddressGuard guard;
  int outside = 0;
  for (const auto& range : kRanges) BOOST_TEST_CONTEXT(range.first << '/' << range.bits) {
      const bool v6 = is_v6(range.first);
      const Address first = parse(range.first), last = last_of(first, range.bits, v6);
      BOOST_TEST(fault_of(guard, first, v6).value_or("").starts_with("is set aside for "));
      BOOST_TEST(fault_of(guard, last, v6).value_or("").starts_with("is set aside for "));
      BOOST_TEST(!fault_of(guard, neighbour(first, v6, -1), v6).has_value() == range.free_before);
      BOOST_TEST(!fault_of(guard, neighbour(last, v6, 1), v6).has_value() == range.free_behind);
      outside += range.free_before + range.free_behind;
    }
  BOOST_TEST_MESSAGE("  guard: " << kRanges.size() << " ranges refused at both edges, " << outside
                                 << " public neighbours let pass");
}

BOOST_AUTO_TEST_CASE(public_hosts_pass) {
  for (const std::string address : {"1.1.1.1", "8.8.8.8", "93.184.216.34", "198.41.0.4", "223.255.255.255",
                                    "2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "2001:4860:4860::8888"})
    BOOST_TEST(passes(address), address);
}

// Whatever IPv4 address is inside: a public one could be reached as itself.
BOOST_AUTO_TEST_CASE(no_ipv6_form_of_an_ipv4_address_passes) {
  for (const std::string address :
       {"::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8",
        "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"})
    BOOST_TEST(!passes(address), address);
}

BOOST_AUTO_TEST_CASE(what_is_neither_ipv4_nor_ipv6_is_refused) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  BOOST_TEST(AddressGuard().fault(reinterpret_cast<const sockaddr&>(address)).value_or("") ==
             "is neither IPv4 nor IPv6");
}

BOOST_AUTO_TEST_CASE(only_ports_of_the_web) {
  BOOST_TEST(passes("8.8.8.8", 80));
  BOOST_TEST(passes("8.8.8.8", 443));
  for (const int port : {0, 22, 25, 53, 79, 81, 442, 444, 3306, 5432, 6379, 8080, 8443, 65535})
    BOOST_TEST(!passes("8.8.8.8", static_cast<std::uint16_t>(port)), port);
  AddressGuard guard;
  guard.allow_port(8443);
  BOOST_TEST(!fault_of(guard, "8.8.8.8", 8443));
  BOOST_TEST(!fault_of(guard, "8.8.8.8", 443));
  BOOST_TEST(fault_of(guard, "8.8.8.8", 8080).has_value());
  BOOST_TEST(fault_of(guard, "127.0.0.1", 8443).has_value());  // a port allows no address
}

BOOST_AUTO_TEST_CASE(what_is_allowed_passes_on_any_port_and_nothing_beside_it) {
  AddressGuard guard;
  guard.allow("10.1.2.0/23");
  guard.allow("192.168.0.7");
  guard.allow("fd00:1::/32");
  guard.allow("::1");
  for (const std::string address : {"10.1.2.0", "10.1.3.255", "192.168.0.7", "fd00:1::", "fd00:1:ffff::1", "::1"})
    BOOST_TEST(!fault_of(guard, address, 8080), address);
  for (const std::string address : {"10.1.1.255", "10.1.4.0", "192.168.0.6", "192.168.0.8",
                                    "fd00:2::", "fd00:0:ffff::", "::2", "::ffff:10.1.2.1", "8.8.8.8"})
    BOOST_TEST(fault_of(guard, address, 8080).has_value(), address);
  AddressGuard all;
  all.allow("0.0.0.0/0");
  BOOST_TEST(!fault_of(all, "127.0.0.1", 22));
  BOOST_TEST(fault_of(all, "::1").has_value());  // of the other kind
}

BOOST_AUTO_TEST_CASE(what_is_no_network_is_said) {
  for (const std::string text : {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0",
                                 "10.0.0.0/8/8", "::/129", "[::1]", "fe80::1%eth0", "localhost", "all", "10.0.0.1 "})
    BOOST_CHECK_EXCEPTION(AddressGuard().allow(text), std::invalid_argument, [&](const std::exception& error) {
      return std::string(error.what()).starts_with('"' + text + "\" is no network");
    });
}

// Each that this computer has now, public ones, too: a service that listens on the outside alone is still its own.
BOOST_AUTO_TEST_CASE(this_computers_own_addresses_are_refused) {
  ifaddrs* list = nullptr;
  BOOST_REQUIRE(getifaddrs(&list) == 0);
  AddressGuard guard;
  int tried = 0;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6))
      continue;
    BOOST_TEST(guard.fault(*one->ifa_addr).has_value());
    ++tried;
  }
  freeifaddrs(list);
  BOOST_TEST(tried > 0);
  BOOST_TEST_MESSAGE("  guard: all " << tried << " addresses of this computer refused");
}

BOOST_AUTO_TEST_SUITE_END()
