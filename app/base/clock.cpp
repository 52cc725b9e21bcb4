#include "app/base/clock.hpp"

#include <chrono>
#include <ctime>
#include <stdexcept>

namespace base {
namespace {

constexpr Micros kMicrosPerSecond = 1'000'000;
constexpr db::UnixSeconds kSecondsPerDay = 86'400;

Micros read_clock(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return Micros{now.tv_sec} * kMicrosPerSecond + now.tv_nsec / 1000;
}

char* put_two(char* out, unsigned value) {
  *out++ = static_cast<char>('0' + value / 10 % 10);
  *out++ = static_cast<char>('0' + value % 10);
  return out;
}

std::optional<unsigned> digits(std::string_view text, std::size_t from, std::size_t count) {
  unsigned value = 0;
  for (const char digit : text.substr(from, count)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(digit - '0');
  }
  return value;
}

std::optional<db::UnixSeconds> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (!year || !month || !day || *year == 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return db::UnixSeconds{std::chrono::sys_days(date).time_since_epoch().count()} * kSecondsPerDay;
}

std::optional<db::UnixSeconds> parse_time(std::string_view text) {
  if (text.size() != 10 || text[0] != 'T' || text[3] != ':' || text[6] != ':' || text[9] != 'Z') return std::nullopt;
  const auto hour = digits(text, 1, 2), minute = digits(text, 4, 2), second = digits(text, 7, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second;
}

}  // namespace

Micros monotonic_micros() {
  return read_clock(CLOCK_MONOTONIC);
}

db::UnixSeconds unix_seconds() {
  return read_clock(CLOCK_REALTIME) / kMicrosPerSecond;
}

db::DayNumber day_number(db::UnixSeconds time) {
  const db::UnixSeconds before_epoch = time % kSecondsPerDay < 0 ? 1 : 0;
  return static_cast<db::DayNumber>(time / kSecondsPerDay - before_epoch);
}

// By hand: a page of links holds two hundred of these, and the library's formatting would be most of its cost.
std::string format_utc(db::UnixSeconds time) {
  const db::DayNumber day = day_number(time);
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) throw std::out_of_range("no RFC 3339 form: the year is not within 0000 and 9999");
  const auto second = static_cast<unsigned>(time - db::UnixSeconds{day} * kSecondsPerDay);
  std::string text = "0000-00-00T00:00:00Z";
  char* out = put_two(text.data(), static_cast<unsigned>(year) / 100);
  out = put_two(out, static_cast<unsigned>(year) % 100) + 1;
  out = put_two(out, static_cast<unsigned>(date.month())) + 1;
  out = put_two(out, static_cast<unsigned>(date.day())) + 1;
  out = put_two(out, second / 3600) + 1;
  out = put_two(out, second / 60 % 60) + 1;
  put_two(out, second % 60);
  return text;
}

db::UnixSeconds parse_utc(const std::string& text) {
  const std::string_view view = text;
  const auto date = parse_date(view.substr(0, 10));
  const auto time =
      view.size() == 10 ? std::optional<db::UnixSeconds>(0) : parse_time(view.size() > 10 ? view.substr(10) : view);
  if (date && time) return *date + *time;
  throw std::invalid_argument("expected a UTC time such as 2026-01-15T10:00:00Z or a date such as 2026-01-15");
}

std::string format_day(db::DayNumber day) {
  return format_utc(db::UnixSeconds{day} * kSecondsPerDay).substr(0, 10);
}

std::optional<db::DayNumber> parse_day(std::string_view text) {
  const auto midnight = parse_date(text);
  return midnight ? std::optional(day_number(*midnight)) : std::nullopt;
}

}  // namespace base
