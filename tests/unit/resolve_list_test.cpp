#include "app/check/resolve_list.hpp"

#include <stdexcept>

#include "tests/support/boost_test.hpp"

BOOST_AUTO_TEST_SUITE(resolve_list)

BOOST_AUTO_TEST_CASE(names_get_the_addresses_that_they_are_given) {
  check::ResolveList list;
  list.add("Shop.example:443:192.0.2.7");
  list.add("shop.example:80:192.0.2.8,[2001:db8::1],2001:db8::2");
  list.add("*:8080:127.0.0.1");
  const auto at = [&](const std::string& host, std::uint16_t port) {
    std::string all;
    if (const auto* found = list.find(host, port))
      for (const auto& address : *found) all += address + ' ';
    return all;
  };
  BOOST_TEST(at("shop.example", 443) == "192.0.2.7 ");
  BOOST_TEST(at("shop.example", 80) == "192.0.2.8 2001:db8::1 2001:db8::2 ");
  BOOST_TEST(at("other.example", 443) == "");
  BOOST_TEST(at("other.example", 8080) == "127.0.0.1 ");
  list.add("shop.example:443:192.0.2.9");  // the last one counts
  BOOST_TEST(at("shop.example", 443) == "192.0.2.9 ");
}

BOOST_AUTO_TEST_CASE(entries_that_are_none_are_refused) {
  check::ResolveList list;
  for (const std::string wrong : {"", "a", "a:80", ":80:1.2.3.4", "a:80:", "a:0:1.2.3.4", "a:65536:1.2.3.4",
                                  "a:x:1.2.3.4", "a:80:b", "a:80:1.2.3", "a:80:,1.2.3.4", "a:80:[::1", "a:80:[1.2.3.4"})
    BOOST_CHECK_THROW(list.add(wrong), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
