#include "app/http/query.hpp"

#include <limits>
#include <random>

#include "app/http/problem.hpp"
#include "tests/support/boost_test.hpp"

namespace {

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

std::string value(std::string_view query, std::string_view name) {
  const http::Query parsed(query);
  const std::string* found = parsed.find(name);
  return found ? *found : "(absent)";
}

http::Problem refusal(std::string_view query, std::int64_t minimum = 1) {
  try {
    http::Query(query).integer("limit", 100, minimum);
  } catch (const http::Problem& problem) {
    return problem;
  }
  return {0, "accepted", std::string(query)};
}

void check_refused(std::string_view query, const std::string& code, std::int64_t minimum = 1) {
  const http::Problem problem = refusal(query, minimum);
  BOOST_TEST(problem.status() == 400, query);
  BOOST_TEST(problem.code() == code, query);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_suite)

BOOST_AUTO_TEST_CASE(parameters_are_decoded_once) {
  BOOST_TEST(value("a=b", "a") == "b");
  BOOST_TEST(value("a=b&c=d", "c") == "d");
  BOOST_TEST(value("a=b=c", "a") == "b=c");
  BOOST_TEST(value("a", "a") == "");
  BOOST_TEST(value("a=", "a") == "");
  BOOST_TEST(value("=x", "") == "x");
  BOOST_TEST(value("&&a=1&", "a") == "1");
  BOOST_TEST(value("a=x+y%2B%26%3d", "a") == "x y+&=");
  BOOST_TEST(value("%61=1", "a") == "1");
  BOOST_TEST(value("a=%2541", "a") == "%41");
  BOOST_TEST(value("a=%E2%82%ac", "a") == "\u20ac");
  BOOST_TEST(value("", "a") == "(absent)");
  BOOST_TEST(value("A=1", "a") == "(absent)");
  BOOST_TEST(value("a=1;b=2", "a") == "1;b=2");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_refused_even_in_unknown_parameters) {
  for (const char* query : {"%", "a=%", "a=%4", "a=%zz", "%f=1", "a=%ff", "a=%ed%a0%80", "a=%c0%af", "a=%00", "%00=1",
                            "limit=5&x=%", "\xff=1"})
    check_refused(query, "invalid_query");
}

BOOST_AUTO_TEST_CASE(a_hundred_parameters_are_enough) {
  std::string query = "limit=5";
  for (int i = 1; i < 100; ++i) query += "&a" + std::to_string(i);
  BOOST_TEST(http::Query(query).integer("limit", 1, 1) == 5);
  check_refused(query + "&z", "invalid_query");
}

BOOST_AUTO_TEST_CASE(integers_of_at_least_the_minimum) {
  BOOST_TEST(http::Query("").integer("limit", 100, 1) == 100);
  BOOST_TEST(http::Query("limit=1").integer("limit", 100, 1) == 1);
  BOOST_TEST(http::Query("offset=0").integer("offset", 7, 0) == 0);
  BOOST_TEST(http::Query("limit=007").integer("limit", 100, 1) == 7);
  BOOST_TEST(http::Query("limit=%2B9").integer("limit", 100, 1) == 9);
  BOOST_TEST(http::Query("limit=9223372036854775807").integer("limit", 100, 1) == kMax);
  for (const char* bad :
       {"limit=0", "limit=-1", "limit=", "limit", "limit=abc", "limit=1.5", "limit=1e2", "limit=0x10", "limit=+1",
        "limit=1%20", "limit=%20", "limit=-99999999999999999999", "limit=%D9%A1", "limit=1,2"})
    check_refused(bad, "invalid_parameter");
  check_refused("limit=-1", "invalid_parameter", 0);
}

BOOST_AUTO_TEST_CASE(numbers_past_64_bits_are_large_not_malformed) {
  BOOST_TEST(http::Query("limit=9223372036854775808").integer("limit", 100, 1) == kMax);
  BOOST_TEST(http::Query("limit=" + std::string(5000, '9')).integer("limit", 100, 1) == kMax);
}

BOOST_AUTO_TEST_CASE(a_parameter_given_twice_is_refused_and_named) {
  const http::Problem problem = refusal("limit=5&limit=5");
  BOOST_TEST(problem.code() == "invalid_parameter");
  BOOST_TEST(problem.errors().at(0).parameter == "limit");
  BOOST_TEST(refusal("x=1&x=2&limit=5").code() == "accepted");  // nobody asks for x
}

BOOST_AUTO_TEST_CASE(errors_teach) {
  const http::Problem problem = refusal("limit=abc");
  BOOST_TEST(problem.detail() == "The query parameter 'limit' must be an integer of at least 1, not 'abc'.");
  BOOST_TEST(problem.errors().size() == 1U);
  BOOST_TEST(problem.errors()[0].parameter == "limit");
  BOOST_TEST(problem.errors()[0].detail == problem.detail());
  BOOST_TEST(refusal("limit=" + std::string(9999, 'x')).detail().size() < 200U);
  BOOST_TEST(refusal("a=100%").detail().find("%25") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(whatever_is_encoded_is_decoded_to_the_same_bytes) {
  std::mt19937 random(3);
  for (int i = 0; i < 5'000; ++i) {
    std::string bytes(random() % 50, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::string encoded = http::percent_encode(bytes);
    BOOST_REQUIRE(encoded.find_first_of(" +&=#?/") == std::string::npos);
    BOOST_REQUIRE(http::percent_decode(encoded, i % 2 == 0) == bytes);
  }
  BOOST_TEST(http::percent_encode("aZ09-._~ /\u20ac") == "aZ09-._~%20%2F%E2%82%AC");
  BOOST_TEST(http::percent_decode("a+b", false).value() == "a+b");
  BOOST_TEST(!http::percent_decode("%g0", false));
  BOOST_TEST(!http::percent_decode("%0", false));
}

BOOST_AUTO_TEST_SUITE_END()
