// Addresses that the operator gives to names.
#include "app/check/resolve_list.hpp"

#include <stdexcept>

#include "tests/support/boost_test.hpp"

using check::ResolveList;

namespace {

// "a b", "-" if there is none.
std::string found(const ResolveList& list, const std::string& host, std::uint16_t port) {
  const auto* addresses = list.find(host, port);
  if (addresses == nullptr) return "-";
  std::string text;
  for (const auto& address : *addresses) text += (text.empty() ? "" : " ") + address;
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(resolve_list)

BOOST_AUTO_TEST_CASE(names_have_the_addresses_that_they_were_given) {
  ResolveList list;
  list.add("Shop.Example:443:192.0.2.7");
  list.add("shop.example:80:192.0.2.8,[2001:db8::1],2001:db8::2");
  BOOST_TEST(found(list, "shop.example", 443) == "192.0.2.7");
  BOOST_TEST(found(list, "shop.example", 80) == "192.0.2.8 2001:db8::1 2001:db8::2");
  BOOST_TEST(found(list, "shop.example", 8080) == "-");
  BOOST_TEST(found(list, "www.shop.example", 443) == "-");
  list.add("shop.example:443:192.0.2.9");
  BOOST_TEST(found(list, "shop.example", 443) == "192.0.2.9");  // the last one holds
}

BOOST_AUTO_TEST_CASE(a_star_is_any_host_that_has_none_of_its_own) {
  ResolveList list;
  list.add("*:443:192.0.2.1");
  list.add("shop.example:443:192.0.2.7");
  BOOST_TEST(found(list, "shop.example", 443) == "192.0.2.7");
  BOOST_TEST(found(list, "other.example", 443) == "192.0.2.1");
  BOOST_TEST(found(list, "other.example", 80) == "-");
}

BOOST_AUTO_TEST_CASE(what_gives_no_address_is_refused) {
  for (const std::string entry : {"",
                                  ":",
                                  "::",
                                  "a",
                                  "a:443",
                                  "a:443:",
                                  ":443:192.0.2.1",
                                  "a:0:192.0.2.1",
                                  "a:65536:192.0.2.1",
                                  "a:-1:192.0.2.1",
                                  "a:x:192.0.2.1",
                                  "a::192.0.2.1",
                                  "a:443:b",
                                  "a:443:192.0.2",
                                  "a:443:192.0.2.1,",
                                  "a:443:192.0.2.1,,192.0.2.2",
                                  "a:443:192.0.2.1,b",
                                  "a:443:[]",
                                  "a:443:[192.0.2.1",
                                  "a:443: 192.0.2.1"})
    BOOST_CHECK_EXCEPTION(ResolveList().add(entry), std::invalid_argument, [&](const std::exception& error) {
      return std::string(error.what()).starts_with('"' + entry + "\" gives no host an address");
    });
}

BOOST_AUTO_TEST_SUITE_END()
