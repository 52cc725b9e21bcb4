// Which days a request for clicks asks for.
#include "handlers/days.hpp"

#include <string>

#include "app/base/clock.hpp"
#include "app/http/problem.hpp"
#include "tests/support/boost_test.hpp"

namespace {

const db::DayNumber kToday = base::parse_day("2026-11-24").value();

std::string days(const std::string& query) {
  const auto range = handlers::parse_days(http::Query(query), kToday);
  return base::format_day(range.from) + " " + base::format_day(range.to);
}

// The parameters that a request is refused for.
std::string faults(const std::string& query) {
  try {
    return "none: " + days(query);
  } catch (const http::Problem& problem) {
    BOOST_TEST(problem.status() == 400);
    BOOST_TEST(problem.code() == "invalid_parameter");
    std::string names;
    for (const auto& error : problem.errors()) names += (names.empty() ? "" : " ") + error.parameter;
    return names;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(days_suite)

BOOST_AUTO_TEST_CASE(the_default_are_the_days_of_clicks_30d) {
  BOOST_TEST(days("") == "2026-10-26 2026-11-24");
  BOOST_TEST(days("interval=day&else=x") == "2026-10-26 2026-11-24");
  BOOST_TEST(days("to=2026-11-01") == "2026-10-03 2026-11-01");
  BOOST_TEST(days("from=2026-11-24") == "2026-11-24 2026-11-24");
  BOOST_TEST(days("from=2025-01-01&to=2025-12-31") == "2025-01-01 2025-12-31");
}

BOOST_AUTO_TEST_CASE(days_to_come_may_be_asked_for) {
  BOOST_TEST(days("to=2027-01-01") == "2026-12-03 2027-01-01");
  BOOST_TEST(days("to=9999-12-31") == "9999-12-02 9999-12-31");
  BOOST_TEST(days("to=0001-01-01") == "0000-12-03 0001-01-01");
}

BOOST_AUTO_TEST_CASE(at_most_400_days) {
  BOOST_TEST(days("from=2025-10-21") == "2025-10-21 2026-11-24");
  BOOST_TEST(faults("from=2025-10-20") == "from");
  BOOST_TEST(faults("from=0001-01-01&to=9999-12-31") == "from");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_all_of_it) {
  for (const char* interval : {"", "hour", "DAY", "day%20", "days"})
    BOOST_TEST(faults(std::string("interval=") + interval) == "interval");
  for (const char* day : {"", "yesterday", "2026-02-30", "2026-11-24T00:00:00Z", "24.11.2026", "1", "-1"}) {
    BOOST_TEST(faults(std::string("from=") + day) == "from");
    BOOST_TEST(faults(std::string("to=") + day) == "to");
  }
  BOOST_TEST(faults("from=2026-11-24&to=2026-11-23") == "from");
  BOOST_TEST(faults("from=2026-11-25") == "from");
  BOOST_TEST(faults("from=2026-11-01&from=2026-11-02") == "from");
  BOOST_TEST(faults("interval=week&from=x&to=y") == "interval from to");
}

BOOST_AUTO_TEST_SUITE_END()
