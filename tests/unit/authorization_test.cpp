#include "app/shm/rate_limiter.hpp"
#include "app/web/authenticator.hpp"
#include "app/web/error_boundary.hpp"
#include "app/web/rate_headers.hpp"
#include "db/error.hpp"
#include "tests/support/boost_test.hpp"

BOOST_AUTO_TEST_SUITE(authorization_suite)

BOOST_AUTO_TEST_CASE(only_a_bearer_scheme_yields_a_token) {
  using web::bearer_token;
  BOOST_TEST(bearer_token("Bearer abc") == "abc");
  BOOST_TEST(bearer_token("bEARER   abc\t") == "abc");
  for (const char* none : {"", "Bearer", "Bearer ", "Bearer    ", "Basic abc", "Bearerabc", "abc", " Bearer abc"})
    BOOST_TEST(bearer_token(none) == "", none);
}

BOOST_AUTO_TEST_CASE(one_customers_addresses_count_as_one) {
  using web::address_fingerprint;
  BOOST_TEST(address_fingerprint("2001:db8:1:2::1") == address_fingerprint("2001:db8:1:2:ffff::9"));
  BOOST_TEST(address_fingerprint("2001:db8:1:2::1") != address_fingerprint("2001:db8:1:3::1"));
  BOOST_TEST(address_fingerprint("192.0.2.1") != address_fingerprint("192.0.2.2"));
}

BOOST_AUTO_TEST_CASE(rate_headers_round_waits_up_so_that_waiting_is_enough) {
  std::vector<http::Header> headers;
  web::append_rate_headers(headers, {.allowed = false, .remaining = 0, .reset_after = 1'000'001}, 120);
  auto value = [&](const std::string& name) {
    for (const auto& [key, text] : headers)
      if (key == name) return text;
    return std::string("absent");
  };
  BOOST_TEST(value("RateLimit-Policy") == "\"default\";q=120;w=60");
  BOOST_TEST(value("RateLimit") == "\"default\";r=0;t=2");
  BOOST_TEST(value("Retry-After") == "2");
  headers.clear();
  web::append_rate_headers(headers, {.allowed = true, .remaining = 119, .reset_after = 60'000'000}, 120);
  BOOST_TEST(value("RateLimit") == "\"default\";r=119;t=60");
  BOOST_TEST(value("Retry-After") == "absent");
}

BOOST_AUTO_TEST_CASE(what_an_exception_says_never_reaches_a_client) {
  for (const auto kind : {db::ErrorKind::conflict, db::ErrorKind::invalid, db::ErrorKind::retry, db::ErrorKind::timeout,
                          db::ErrorKind::unavailable, db::ErrorKind::internal}) {
    const auto problem = web::to_problem(std::make_exception_ptr(db::Error(kind, "XX000", "c", "s3cret text")));
    BOOST_TEST(problem.detail().find("s3cret") == std::string::npos);
    BOOST_TEST(problem.log_detail().find("s3cret") != std::string::npos);
    BOOST_TEST(problem.status() >= 409);
  }
  BOOST_TEST(web::to_problem(std::make_exception_ptr(std::runtime_error("s3cret"))).status() == 500);
  BOOST_TEST(web::to_problem(std::make_exception_ptr(7)).status() == 500);
}

BOOST_AUTO_TEST_SUITE_END()
