#include "app/base/clock.hpp"

#include <ctime>
#include <random>
#include <stdexcept>
#include <string>

#include "tests/support/boost_test.hpp"

namespace {

std::string by_the_c_library(db::UnixSeconds time) {
  const std::time_t value = time;
  std::tm parts{};
  ::gmtime_r(&value, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clock_suite)

BOOST_AUTO_TEST_CASE(known_times_are_written_as_rfc_3339) {
  BOOST_TEST(base::format_utc(0) == "1970-01-01T00:00:00Z");
  BOOST_TEST(base::format_utc(1777276800) == "2026-04-27T08:00:00Z");
  BOOST_TEST(base::format_utc(1768471200) == "2026-01-15T10:00:00Z");
  BOOST_TEST(base::format_utc(951782399) == "2000-02-28T23:59:59Z");
  BOOST_TEST(base::format_utc(951782400) == "2000-02-29T00:00:00Z");
  BOOST_TEST(base::format_utc(-1) == "1969-12-31T23:59:59Z");
  BOOST_TEST(base::format_utc(253402300799) == "9999-12-31T23:59:59Z");
  BOOST_CHECK_THROW(base::format_utc(253402300800), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(any_time_agrees_with_the_c_library_and_is_read_back) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<db::UnixSeconds> times(-30'000'000'000, 253'402'300'799);
  for (int i = 0; i < 20'000; ++i) {
    const db::UnixSeconds time = times(random);
    const std::string text = base::format_utc(time);
    BOOST_REQUIRE_EQUAL(text, by_the_c_library(time));
    BOOST_REQUIRE_EQUAL(base::parse_utc(text), time);
    BOOST_REQUIRE_EQUAL(base::parse_utc(text.substr(0, 10)), db::UnixSeconds{base::day_number(time)} * 86'400);
  }
  BOOST_TEST_MESSAGE("20000 random times from year 1019 to 9999: written as gmtime_r does, and read back");
}

BOOST_AUTO_TEST_CASE(days_begin_at_midnight_utc_also_before_1970) {
  BOOST_TEST(base::day_number(0) == 0);
  BOOST_TEST(base::day_number(86'399) == 0);
  BOOST_TEST(base::day_number(86'400) == 1);
  BOOST_TEST(base::day_number(-1) == -1);
  BOOST_TEST(base::day_number(-86'400) == -1);
  BOOST_TEST(base::day_number(-86'401) == -2);
}

BOOST_AUTO_TEST_CASE(anything_but_the_two_forms_is_refused_with_an_example) {
  for (const char* text : {"",
                           "now",
                           "2026",
                           "2026-01",
                           "2026-1-15",
                           "2026-02-29",
                           "2026-13-01",
                           "2026-00-10",
                           "2026-01-00",
                           "2026-01-32",
                           "0000-01-01",
                           "2026/01/15",
                           " 2026-01-15",
                           "2026-01-15 ",
                           "2026-01-15T",
                           "2026-01-15T10:00Z",
                           "2026-01-15 10:00:00Z",
                           "2026-01-15t10:00:00z",
                           "2026-01-15T10:00:00",
                           "2026-01-15T10:00:00+00:00",
                           "2026-01-15T10:00:00.5Z",
                           "2026-01-15T24:00:00Z",
                           "2026-01-15T10:60:00Z",
                           "2026-01-15T10:00:60Z",
                           "2026-01-15T-1:00:00Z",
                           "2026-01-15T10:00:00ZZ",
                           "+026-01-15"})
    BOOST_CHECK_EXCEPTION(base::parse_utc(text), std::invalid_argument, [](const auto& error) {
      return std::string(error.what()).find("2026-01-15T10:00:00Z") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(the_clocks_run) {
  const base::Micros before = base::monotonic_micros();
  BOOST_TEST(base::monotonic_micros() >= before);
  BOOST_TEST(base::unix_seconds() - std::time(nullptr) <= 1);
}

BOOST_AUTO_TEST_CASE(days) {
  BOOST_TEST(base::format_day(0) == "1970-01-01");
  BOOST_TEST(base::format_day(20'570) == "2026-04-27");
  BOOST_TEST(base::format_day(-1) == "1969-12-31");
  for (const db::DayNumber day : {-719'162, -1, 0, 11'016, 20'570, 2'932'896})
    BOOST_TEST(base::parse_day(base::format_day(day)).value() == day);
  for (const char* text : {"", "2026", "2026-04", "2026-4-27", "2026-02-30", "2026-04-27T08:00:00Z", "2026-04-27 ",
                           " 2026-04-27", "2026/04/27", "20260427", "0000-01-01", "+026-04-27", "today", "２026-04-27"})
    BOOST_TEST(!base::parse_day(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
