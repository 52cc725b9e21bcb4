// Which addresses a check may connect to. The ranges themselves are tests/unit/destination_test.cpp's, by their edges.
#include "app/check/address_guard.hpp"

#include <stdexcept>
#include <vector>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include "tests/support/boost_test.hpp"

namespace {

struct Address {
  sockaddr_storage storage{};

  Address(const std::string& text, std::uint16_t port) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
      v4.sin_family = AF_INET;
      v4.sin_port = htons(port);
    } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(port);
    }
  }
};

bool passes(check::AddressGuard& guard, const std::string& address, std::uint16_t port = 443) {
  const Address given(address, port);
  return !guard.fault(reinterpret_cast<const sockaddr&>(given.storage));
}

const std::vector<std::string> kInside = {"0.0.0.0",
                                          "0.255.255.255",
                                          "10.0.0.0",
                                          "10.255.255.255",
                                          "100.64.0.0",
                                          "100.127.255.255",
                                          "127.0.0.1",
                                          "127.255.255.255",
                                          "169.254.0.0",
                                          "169.254.169.254",
                                          "172.16.0.0",
                                          "172.31.255.255",
                                          "192.0.0.0",
                                          "192.0.0.255",
                                          "192.0.2.1",
                                          "192.88.99.1",
                                          "192.168.0.0",
                                          "192.168.255.255",
                                          "198.18.0.0",
                                          "198.19.255.255",
                                          "198.51.100.1",
                                          "203.0.113.1",
                                          "224.0.0.1",
                                          "239.255.255.255",
                                          "240.0.0.1",
                                          "255.255.255.255",
                                          "168.63.129.16",
                                          "::",
                                          "::1",
                                          "::ffff:8.8.8.8",
                                          "::ffff:10.0.0.1",
                                          "::8.8.8.8",
                                          "64:ff9b::8.8.8.8",
                                          "64:ff9b:1::1",
                                          "100::1",
                                          "2001::1",
                                          "2001:db8::1",
                                          "2002:808:808::1",
                                          "fc00::1",
                                          "fdff::1",
                                          "fe80::1",
                                          "febf::1",
                                          "fec0::1",
                                          "ff02::1",
                                          "5f00::1",
                                          "3fff::1"};
const std::vector<std::string> kOutside = {"1.0.0.0",         "9.255.255.255",       "11.0.0.0",
                                           "100.63.255.255",  "100.128.0.0",         "126.255.255.255",
                                           "128.0.0.0",       "169.253.255.255",     "169.255.0.0",
                                           "172.15.255.255",  "172.32.0.0",          "192.0.1.0",
                                           "192.167.255.255", "192.169.0.0",         "198.17.255.255",
                                           "198.20.0.0",      "223.255.255.255",     "168.63.129.15",
                                           "8.8.8.8",         "93.184.216.34",       "2606:2800:220:1::1",
                                           "2a00:1450::1",    "2001:4860:4860::8888"};

}  // namespace

BOOST_AUTO_TEST_SUITE(address_guard)

BOOST_AUTO_TEST_CASE(public_hosts_pass_and_nothing_else) {
  check::AddressGuard guard;
  for (const auto& address : kInside) BOOST_TEST(!passes(guard, address), address);
  for (const auto& address : kOutside) BOOST_TEST(passes(guard, address), address);
  const sockaddr local{.sa_family = AF_UNIX, .sa_data = {}};
  BOOST_TEST(guard.fault(local).has_value());
}

BOOST_AUTO_TEST_CASE(the_web_has_two_ports) {
  check::AddressGuard guard;
  for (const std::uint16_t port : std::vector<std::uint16_t>{80, 443}) BOOST_TEST(passes(guard, "8.8.8.8", port));
  for (const std::uint16_t port : std::vector<std::uint16_t>{0, 22, 25, 53, 81, 3306, 5432, 6379, 8080, 65535})
    BOOST_TEST(!passes(guard, "8.8.8.8", port));
  guard.allow_port(8080);
  BOOST_TEST(passes(guard, "8.8.8.8", 8080));
  BOOST_TEST(!passes(guard, "10.0.0.1", 8080));
}

BOOST_AUTO_TEST_CASE(what_is_allowed_passes_on_any_port_and_its_neighbours_do_not) {
  check::AddressGuard guard;
  guard.allow("10.1.0.0/16");
  guard.allow("127.0.0.1");
  guard.allow("fd00:1234::/33");
  for (const std::string inside : {"10.1.0.0", "10.1.255.255", "127.0.0.1", "fd00:1234::1", "fd00:1234:7fff::1"})
    BOOST_TEST(passes(guard, inside, 5432), inside);
  for (const std::string outside : {"10.0.255.255", "10.2.0.0", "127.0.0.2", "fd00:1234:8000::1", "::ffff:10.1.0.1"})
    BOOST_TEST(!passes(guard, outside), outside);
  check::AddressGuard all;
  all.allow("0.0.0.0/0");
  BOOST_TEST(passes(all, "127.0.0.1", 1));
  BOOST_TEST(!passes(all, "::1"));
}

BOOST_AUTO_TEST_CASE(networks_that_are_none_are_refused) {
  check::AddressGuard guard;
  for (const std::string wrong : {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0", "::/129",
                                  "all", "localhost", "10.0.0.1 ", "0x7f.1"})
    BOOST_CHECK_THROW(guard.allow(wrong), std::invalid_argument);
}

// Its public ones, too: what listens there may trust those that come from here.
BOOST_AUTO_TEST_CASE(no_address_of_this_computer_passes) {
  check::AddressGuard guard;
  ifaddrs* first = nullptr;
  BOOST_REQUIRE(getifaddrs(&first) == 0);
  int own = 0;
  for (const auto* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6))
      continue;
    ++own;
    BOOST_TEST(guard.fault(*one->ifa_addr).has_value());
  }
  freeifaddrs(first);
  BOOST_TEST(own > 0);
}

BOOST_AUTO_TEST_SUITE_END()
