// The program of a URL: by the longest host that stands in the table, on the dots only.
#include "app/links/programs.hpp"

#include <string>

#include "tests/support/boost_test.hpp"

namespace {

const links::Programs kPrograms(
    {{.name = "Shop", .hosts = {"shop.example", "shop.co.example"}, .identity_parameters = {}, .click_parameters = {}},
     {.name = "Shop's network", .hosts = {"go.shop.example"}, .identity_parameters = {}, .click_parameters = {}},
     {.name = "No host", .hosts = {}, .identity_parameters = {}, .click_parameters = {}}});

std::string of(const std::string& url) {
  return kPrograms.recognise(url).value_or("-");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(programs)

BOOST_AUTO_TEST_CASE(the_host_tells_the_program) {
  const struct {
    std::string url, program;
  } cases[] = {{"https://shop.example/x", "Shop"},
               {"https://www.shop.example", "Shop"},
               {"HTTP://A.B.WWW.Shop.Example.:8443?x#y", "Shop"},
               {"https://shop.co.example/", "Shop"},
               {"https://go.shop.example/c/1", "Shop's network"},
               {"https://x.go.shop.example/c/1", "Shop's network"},
               {"https://nogo.shop.example/", "Shop"},
               {"https://myshop.example/", "-"},
               {"https://co.example/", "-"},
               {"https://example/", "-"},
               {"https://shop.example.com/", "-"},
               {"https://other.example/shop.example", "-"},
               {"https://other.example/?u=https://shop.example/", "-"},
               {"https://other.example#@shop.example", "-"},
               {"https://8.8.8.8/", "-"},
               {"https://[2606:4700::1111]/", "-"},
               {"shop.example", "-"},
               {"https://", "-"},
               {"", "-"}};
  for (const auto& c : cases) BOOST_TEST(of(c.url) == c.program, c.url << " -> " << of(c.url));
}

BOOST_AUTO_TEST_CASE(a_table_without_hosts_knows_none) {
  BOOST_TEST(!links::Programs({}).recognise("https://shop.example/").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
