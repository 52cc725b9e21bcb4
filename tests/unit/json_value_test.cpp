// JSON in: what is read, and what is refused with which words.
#include "app/http/json_value.hpp"

#include "app/http/problem.hpp"
#include "tests/support/boost_test.hpp"

using http::JsonArray;
using http::JsonObject;
using http::parse_json;

namespace {

std::string refusal(std::string_view text) {
  try {
    parse_json(text);
  } catch (const http::Problem& problem) {
    BOOST_TEST(problem.status() == 400);
    BOOST_TEST(problem.code() == "invalid_json");
    return problem.detail();
  }
  return "accepted";
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_value)

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_read) {
  const auto document = parse_json(R"( {"s":"größer 🎤\n","i":-7,"d":0.5,"t":true,"n":null,"a":[1,[],{}],"":""} )");
  const auto& members = *document.as<JsonObject>();
  BOOST_REQUIRE(members.size() == 7u);
  BOOST_TEST(members[0].name == "s");
  BOOST_TEST(*members[0].value.as<std::string>() == "größer 🎤\n");
  BOOST_TEST(*members[1].value.as<std::int64_t>() == -7);
  BOOST_TEST(*members[2].value.as<double>() == 0.5);
  BOOST_TEST(*members[3].value.as<bool>());
  BOOST_TEST(members[4].value.null());
  BOOST_TEST(members[5].value.as<JsonArray>()->size() == 3u);
  BOOST_TEST(members[6].name.empty());
  BOOST_TEST(members[0].value.as<bool>() == nullptr);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_with_its_place) {
  BOOST_TEST(mentions(refusal("{\"a\":1,\n \"a\":2}"), "\"a\" comes twice"));
  BOOST_TEST(mentions(refusal("{\"a\":1,\n \"a\":2}"), "line 2"));
  BOOST_TEST(mentions(refusal(""), "empty"));
  BOOST_TEST(mentions(refusal(" \n"), "empty"));
  BOOST_TEST(mentions(refusal("{\"a\":\"x\\u0000y\"}"), "U+0000"));
  BOOST_TEST(mentions(refusal("{\"a\\u0000\":1}"), "U+0000"));
  BOOST_TEST(mentions(refusal(R"({"a":"\udfa7"})"), "half of a surrogate pair"));
  BOOST_TEST(mentions(refusal(R"({"\ud71c\udfa7":1})"), "half of a surrogate pair"));
  for (const auto* text : {"{", "{a:1}", "[1,]", "{\"a\":1,}", "[1] 2", "nul", "\"\\ud800\"", "[\"\xff\"]",
                           "[\"\xc0\xaf\"]", "01", "1e999", "[NaN]", "{\"a\" 1}", "// x\n1", "'a'"})
    BOOST_TEST(refusal(text) != "accepted", text << " was accepted");
  BOOST_TEST(refusal(std::string_view("[1]\0", 4)) != "accepted");
}

BOOST_AUTO_TEST_CASE(depth_is_bounded) {
  BOOST_TEST(refusal(nested(http::kMaxJsonDepth)) == "accepted");
  BOOST_TEST(mentions(refusal(nested(http::kMaxJsonDepth + 1)), "32 deep"));
  BOOST_TEST(refusal(std::string(200'000, '[')) != "accepted");
  BOOST_TEST(refusal(std::string(200'000, '{')) != "accepted");
}

BOOST_AUTO_TEST_CASE(large_numbers_are_numbers) {
  BOOST_TEST(*parse_json("9223372036854775807").as<std::int64_t>() == INT64_MAX);
  BOOST_TEST(*parse_json("18446744073709551615").as<double>() > 1e19);
}

BOOST_AUTO_TEST_CASE(pointers_are_escaped) {
  BOOST_TEST(http::pointer_token("a/b~c") == "a~1b~0c");
}

BOOST_AUTO_TEST_SUITE_END()
