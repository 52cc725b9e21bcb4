#include "app/check/retry_after.hpp"

#include "tests/support/boost_test.hpp"

namespace {

std::optional<std::int64_t> seconds(int status, const std::string& value) {
  check::Record record;
  record.hops.emplace_back();
  record.hops.back().http_status = status;
  record.ending = check::Ending::answered;
  record.headers = {{"server", "x"}, {"retry-after", value}};
  const auto wait = check::retry_after(record, 1'700'000'000);  // Tue, 14 Nov 2023 22:13:20 GMT
  return wait ? std::optional(wait->count() / 1000) : std::nullopt;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_after)

BOOST_AUTO_TEST_CASE(seconds_and_dates_are_understood_and_bounded) {
  BOOST_TEST(*seconds(429, "30") == 30);
  BOOST_TEST(*seconds(503, "30") == 30);
  BOOST_TEST(*seconds(429, "Tue, 14 Nov 2023 22:14:20 GMT") == 60);
  BOOST_TEST(*seconds(429, "Tue, 14 Nov 2023 21:00:00 GMT") == 0);
  BOOST_TEST(*seconds(429, "-5") == 0);
  BOOST_TEST(*seconds(429, "99999999") == 3600);
  BOOST_TEST(*seconds(429, "Fri, 01 Jan 2100 00:00:00 GMT") == 3600);
}

BOOST_AUTO_TEST_CASE(what_says_nothing_is_nothing) {
  for (const std::string value : {"", "soon", "1e9999", "NaN"}) BOOST_TEST(!seconds(429, value).has_value());
  BOOST_TEST(!seconds(200, "30").has_value());
  BOOST_TEST(!seconds(302, "30").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
