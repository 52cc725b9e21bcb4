#include "app/http/link_header.hpp"

#include "tests/support/boost_test.hpp"

BOOST_AUTO_TEST_SUITE(link_header_suite)

BOOST_AUTO_TEST_CASE(links_are_written_as_rfc_8288_has_them) {
  BOOST_TEST(http::link_header({}) == "");
  BOOST_TEST(http::link_header({{"first", "https://x/a?limit=2&offset=0"}, {"next", "https://x/a?limit=2&offset=4"}}) ==
             "<https://x/a?limit=2&offset=0>; rel=\"first\", <https://x/a?limit=2&offset=4>; rel=\"next\"");
}

BOOST_AUTO_TEST_SUITE_END()
