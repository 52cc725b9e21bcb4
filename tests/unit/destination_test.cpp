// Where links may lead: every spelling of an address that is not public is found, and no shop is refused.
#include "app/links/destination.hpp"

#include "app/base/address.hpp"
#include "app/links/programs.hpp"
#include "app/links/rules.hpp"
#include "tests/support/boost_test.hpp"

namespace {

constexpr const char* kOwn = "https://ql.example:8443";

bool accepted(const std::string& url) {
  return !links::url_fault(url, kOwn).has_value();
}

bool is_public(const std::string& text) {
  const auto address = base::parse_address(text);
  BOOST_REQUIRE_MESSAGE(address, text);
  return base::public_address(*address);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(destinations)

BOOST_AUTO_TEST_CASE(special_addresses_are_not_public) {
  for (const auto* text : {"0.0.0.0",
                           "0.255.255.255",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.8",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.0.1",
                           "192.168.255.255",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.7",
                           "203.0.113.9",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "168.63.129.16",
                           "::",
                           "::1",
                           "::ffff:8.8.8.8",
                           "::ffff:127.0.0.1",
                           "::8.8.8.8",
                           "64:ff9b::808:808",
                           "64:ff9b:1::1",
                           "100::1",
                           "2001::1",
                           "2001:0:4136:e378::1",
                           "2001:1ff::1",
                           "2001:db8::1",
                           "2002:7f00:1::1",
                           "3fff:0fff::1",
                           "5f00::1",
                           "fc00::1",
                           "fdff::1",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "ff02::1",
                           "4000::1",
                           "2620:4f:8000::1"})
    BOOST_TEST(!is_public(text), text << " was taken for public");
}

BOOST_AUTO_TEST_CASE(their_neighbours_are_public) {
  for (const auto* text :
       {"1.0.0.0",         "9.255.255.255",   "11.0.0.0",      "100.63.255.255",  "100.128.0.0",     "126.255.255.255",
        "128.0.0.1",       "168.63.129.15",   "168.63.129.17", "169.253.255.255", "169.255.0.0",     "172.15.255.255",
        "172.32.0.0",      "192.0.1.0",       "192.0.3.0",     "192.167.255.255", "192.169.0.0",     "198.17.255.255",
        "198.20.0.0",      "223.255.255.255", "8.8.8.8",       "2001:200::1",     "2001:4860::8888", "2003::1",
        "2606:4700::1111", "2a00::1",         "3ffe::1"})
    BOOST_TEST(is_public(text), text << " was not taken for public");
}

BOOST_AUTO_TEST_CASE(every_spelling_of_an_address_is_read_as_a_browser_does) {
  for (const auto* host : {"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.1", "0177.0.0.1",
                           "017700000001", "127.0.0.1.", "0x7f.0x0.0x0.0x1", "0", "0x", "0x.0x.0x.0x", "00000000177.1"})
    BOOST_TEST(!accepted("http://" + std::string(host) + "/"), host << " was accepted");
  for (const auto* host :
       {"1.2.3.4.5", "256.1.1.1", "1.16777216", "4294967296", "09.1.1.1", "1..2", "shop.example.1", "a.0x1"})
    BOOST_TEST(!accepted("http://" + std::string(host) + "/"), host << " was accepted");
  for (const auto* host : {"8.8.8.8", "0x08080808", "134744072", "[2606:4700::1111]"})
    BOOST_TEST(accepted("http://" + std::string(host) + "/"), host << " was refused");
  for (const auto* host : {"[::1]", "[::ffff:7f00:1]", "[fe80::1]", "[::ffff:127.0.0.1]", "[12345::]", "[:::]"})
    BOOST_TEST(!accepted("http://" + std::string(host) + "/"), host << " was accepted");
}

BOOST_AUTO_TEST_CASE(names_of_one_network_alone_are_refused) {
  for (const auto* host :
       {"localhost", "LOCALHOST", "localhost.", "db.localhost", "printer.local", "intranet", "a.internal", "router.lan",
        "x.home.arpa", "x.test", "x.invalid", "x.onion", "metadata.google.internal"})
    BOOST_TEST(!accepted("https://" + std::string(host) + "/"), host << " was accepted");
  for (const auto* host : {"shop.example", "localhost.com", "local.shop.example", "notlocal.example",
                           "xn--bcher-kva.example", "a-b.example", "my_shop.example", "3com.com", "0x.example"})
    BOOST_TEST(accepted("https://" + std::string(host) + "/"), host << " was refused");
}

BOOST_AUTO_TEST_CASE(ports_that_browsers_refuse_are_refused) {
  for (const auto* port : {"22", "25", "6667", "10080", "0", "65536", "x", ""})
    BOOST_TEST(!accepted("http://shop.example:" + std::string(port) + "/"), port << " was accepted");
  for (const auto* port : {"80", "443", "8080", "65535"})
    BOOST_TEST(accepted("http://shop.example:" + std::string(port) + "/"), port << " was refused");
}

BOOST_AUTO_TEST_CASE(our_own_proxy_links_are_refused_in_every_spelling) {
  for (const auto* url :
       {"https://ql.example:8443/go/x", "HTTPS://QL.Example:8443/go/x", "https://ql.example.:8443/go/"})
    BOOST_TEST(!accepted(url), url << " was accepted");
  for (const auto* url : {"https://ql.example/go/x", "https://ql.example:8443/", "https://ql.example:8443/gone",
                          "http://ql.example:8443/go/x", "https://other.example/go/x"})
    BOOST_TEST(accepted(url), url << " was refused");
  BOOST_TEST(!links::url_fault("https://ql.example:443/go/x", "").has_value());
  BOOST_TEST(links::url_fault("https://ql.example/go/x", "https://ql.example:443").has_value());
}

BOOST_AUTO_TEST_CASE(a_program_is_known_by_the_longest_host_that_fits) {
  const links::Programs programs(
      {{"Shop", {"shop.example"}, {}, {}}, {"Network", {"go.shop.example", "n.example"}, {}, {}}});
  BOOST_TEST(programs.recognise("https://shop.example/x").value() == "Shop");
  BOOST_TEST(programs.recognise("HTTPS://WWW.Shop.Example:8443/x?y#z").value() == "Shop");
  BOOST_TEST(programs.recognise("https://go.shop.example/").value() == "Network");
  BOOST_TEST(programs.recognise("https://a.go.shop.example./").value() == "Network");
  BOOST_TEST(programs.recognise("http://n.example?x").value() == "Network");
  for (const auto* url :
       {"https://notshop.example/", "https://example/", "https://shop.example.net/", "https://[2606::1]/"})
    BOOST_TEST(!programs.recognise(url).has_value(), url);
}

BOOST_AUTO_TEST_CASE(a_label_is_made_of_host_and_path) {
  BOOST_TEST(links::label_for("https://shop.example/a/b/?tag=x#y") == "shop.example/a/b");
  BOOST_TEST(links::label_for("https://shop.example/") == "shop.example");
  BOOST_TEST(!links::label_fault(links::label_for("https://shop.example/" + std::string(1000, 'a'))).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
