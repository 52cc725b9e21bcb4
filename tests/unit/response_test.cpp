#include "app/http/response.hpp"

#include <stdexcept>

#include "tests/support/boost_test.hpp"

BOOST_AUTO_TEST_SUITE(response_suite)

BOOST_AUTO_TEST_CASE(a_header_is_replaced_whatever_its_case) {
  http::Response response;
  response.set("ETag", "\"a\"");
  response.set("Link", "x");
  response.set("etag", "\"b\"");
  BOOST_TEST(response.headers.size() == 2U);
  BOOST_TEST(*response.find("ETAG") == "\"b\"");
  BOOST_TEST(response.headers[0].first == "ETag");
  BOOST_TEST(!response.find("Allow"));
}

BOOST_AUTO_TEST_CASE(no_control_character_gets_into_a_header) {
  for (int byte = 0; byte < 256; ++byte) {
    http::Response response;
    const std::string value = std::string("a") + static_cast<char>(byte) + "b";
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
      BOOST_CHECK_THROW(response.set("X-Test", value), std::invalid_argument);
      BOOST_TEST(response.headers.empty());
    } else {
      response.set("X-Test", value);
      BOOST_TEST(*response.find("x-test") == value);
    }
  }
}

BOOST_AUTO_TEST_CASE(names_are_tokens) {
  http::Response response;
  for (const char* name : {"", "X Test", "X:", "X\r\nY", "X\t", "\xc3\xa4", "(X)", "X/Y"})
    BOOST_CHECK_THROW(response.set(name, "v"), std::invalid_argument);
  response.set("X-!#$%&'*+.^_`|~09", "v");
}

BOOST_AUTO_TEST_CASE(phrases_are_those_of_rfc_9110) {
  BOOST_TEST(http::reason_phrase(200) == "OK");
  BOOST_TEST(http::reason_phrase(413) == "Content Too Large");
  BOOST_TEST(http::reason_phrase(422) == "Unprocessable Content");
  BOOST_TEST(http::reason_phrase(431) == "Request Header Fields Too Large");
  BOOST_TEST(http::reason_phrase(299) == "Unknown");
}

BOOST_AUTO_TEST_SUITE_END()
