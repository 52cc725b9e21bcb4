// URLs as browsers read them from headers and pages.
#include "app/check/url.hpp"

#include <string>

#include "tests/support/boost_test.hpp"

using check::Url;

namespace {

std::string parsed(std::string_view text) {
  const auto url = Url::parse(text);
  return url ? url->text() : "-";
}

std::string resolved(std::string_view reference) {
  const auto url = Url::parse("https://shop.example/a/b?c=1#d")->resolve(reference);
  return url ? url->text() + (url->fragment().empty() ? "" : "#" + url->fragment()) : "-";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(absolute_urls) {
  const struct {
    std::string text, parsed;
  } cases[] = {{"https://shop.example/a?b=c#d", "https://shop.example/a?b=c"},
               {"HTTPS://Shop.Example./A", "https://shop.example/A"},
               {"http://shop.example", "http://shop.example/"},
               {"http://shop.example?x=1", "http://shop.example/?x=1"},
               {"http://shop.example:80/", "http://shop.example/"},
               {"https://shop.example:8443/", "https://shop.example:8443/"},
               {" \thttps://shop.example/a b\n", "https://shop.example/a%20b"},
               {"https:\\\\shop.example\\a?b=\\", "https://shop.example/a?b=\\"},
               {"https:/shop.example/a", "https://shop.example/a"},
               {"https:///shop.example/a", "https://shop.example/a"},
               {"https://user:secret@shop.example/", "https://shop.example/"},
               {"https://bücher.example/größe?ö=ü", "https://bücher.example/gr%c3%b6%c3%9fe?%c3%b6=%c3%bc"},
               {"https://shop.example/a/../b/./c", "https://shop.example/b/c"},
               {"https://[2606:4700::1111]/", "https://[2606:4700::1111]/"},
               {"ftp://shop.example/", "-"},
               {"javascript:alert(1)", "-"},
               {"//shop.example/", "-"},
               {"https://", "-"},
               {"https:///", "-"},
               {"", "-"},
               {"https://shop.example:99999/", "-"},
               {"https://sh op.example/", "-"},
               {std::string_view("https://a\0b/", 12).data(), "https://a/"}};
  for (const auto& c : cases) BOOST_TEST(parsed(c.text) == c.parsed, c.text << " -> " << parsed(c.text));
  BOOST_TEST(parsed(std::string_view("https://a/\0b", 12)) == "https://a/%00b");
  BOOST_TEST(parsed("https://a/" + std::string(20'000, 'x')) == "-");
}

BOOST_AUTO_TEST_CASE(references) {
  const struct {
    std::string reference, resolved;
  } cases[] = {{"/x", "https://shop.example/x"},
               {"x", "https://shop.example/a/x"},
               {"../x?y", "https://shop.example/x?y"},
               {"?y=2", "https://shop.example/a/b?y=2"},
               {"#e", "https://shop.example/a/b?c=1#e"},
               {"", "https://shop.example/a/b?c=1"},
               {"//other.example/x", "https://other.example/x"},
               {"\\\\other.example\\x", "https://other.example/x"},
               {"http://other.example", "http://other.example/"},
               {"/a b?c d", "https://shop.example/a%20b?c%20d"},
               {"/to?url=https://x.example/", "https://shop.example/to?url=https://x.example/"},
               {"to?url=https://x.example/", "https://shop.example/a/to?url=https://x.example/"},
               {"market://details?id=1", "-"},
               {"mailto:a@b", "-"}};
  for (const auto& c : cases)
    BOOST_TEST(resolved(c.reference) == c.resolved, c.reference << " -> " << resolved(c.reference));
}

BOOST_AUTO_TEST_CASE(parameters_come_decoded_in_their_order) {
  const auto parameters = Url::parse("https://a/?b=1&a=x%20y+z&&c&d=%zz&e=1=2")->parameters();
  std::string text;
  for (const auto& parameter : parameters) text += parameter.name + ":" + parameter.value + ";";
  BOOST_TEST(text == "b:1;a:x y z;c:;d:%zz;e:1=2;");
  BOOST_TEST(Url::parse("https://a/#/x?tag=1")->fragment_parameters().at(0).name == "tag");
  std::string many = "https://a/?";
  for (int i = 0; i < 500; ++i) many += "x=1&";
  BOOST_TEST(Url::parse(many)->parameters().size() == 200u);
}

BOOST_AUTO_TEST_CASE(hosts_of_one_owner) {
  const struct {
    std::string host, site;
  } cases[] = {{"www.shop.example", "shop.example"},
               {"shop.example", "shop.example"},
               {"a.b.shop.co.uk", "shop.co.uk"},
               {"shop.co.uk", "shop.co.uk"},
               {"one.myshopify.com", "one.myshopify.com"},
               {"localhost", "localhost"},
               {"127.0.0.1", "127.0.0.1"},
               {"[::1]", "[::1]"},
               {"www.co.com", "co.com"},
               {"", ""}};
  for (const auto& c : cases) BOOST_TEST(check::site_of(c.host) == c.site, c.host << " -> " << check::site_of(c.host));
  BOOST_TEST(check::within_host("www.shop.example", "shop.example"));
  BOOST_TEST(check::within_host("shop.example", "shop.example"));
  BOOST_TEST(!check::within_host("myshop.example", "shop.example"));
  BOOST_TEST(check::scheme_of("itms-apps://x") == "itms-apps");
  BOOST_TEST(check::scheme_of("/x:y").empty());
}

BOOST_AUTO_TEST_SUITE_END()
