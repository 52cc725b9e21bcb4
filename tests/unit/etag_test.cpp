#include "app/http/etag.hpp"

#include "tests/support/boost_test.hpp"

namespace {

bool matches(std::string_view header, std::string_view tag = "abc") {
  return http::parse_if_none_match(header).matches(tag);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(etag_suite)

BOOST_AUTO_TEST_CASE(a_listed_tag_matches_strong_or_weak) {
  for (const char* header : {"*", " * ", "\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "\"x\",W/\"abc\",\"y\"", ",,\"abc\"",
                             "\t\"x\"\t,\t\"abc\"", "\"x\" \"abc\"", "\"abc\", garbage", "\"\",\"abc\""})
    BOOST_TEST(matches(header), header);
}

BOOST_AUTO_TEST_CASE(garbage_matches_nothing) {
  for (const char* header :
       {"", " ", ",", "abc", "'abc'", "\"abc", "abc\"", "\"ABC\"", "\"abc \"", "w/\"abc\"", "W/abc", "W/",
        "W/W/\"abc\"", "\"x\"\"abc\"", "\"a\rb\", \"abc\"", "garbage, \"abc\"", "**", "*, \"x\""})
    BOOST_TEST(!matches(header), header);
  BOOST_TEST(matches("\"\"", ""));
  BOOST_TEST(matches("\"\xc3\xa4\"", "\xc3\xa4"));
}

BOOST_AUTO_TEST_CASE(at_most_32_tags_are_looked_at) {
  std::string header;
  for (int i = 0; i < 31; ++i) header += "\"x\",";
  BOOST_TEST(matches(header + "\"abc\""));
  BOOST_TEST(!matches(header + "\"x\",\"abc\""));
}

BOOST_AUTO_TEST_CASE(a_content_tag_is_the_bodys_digest) {
  BOOST_TEST(http::content_tag("abc") == "cf4ab791c62b8d2b2109c90275287816");
  BOOST_TEST(http::content_tag("abc") != http::content_tag("abd"));
  BOOST_TEST(matches('"' + http::content_tag("") + '"', http::content_tag("")));
}

BOOST_AUTO_TEST_SUITE_END()
