#include "handlers/days.hpp"

#include <optional>
#include <string>

#include "app/base/clock.hpp"
#include "app/base/text.hpp"
#include "handlers/parameters.hpp"

namespace handlers {
namespace {

constexpr std::size_t kMaxQuoted = 40;  // bytes of a bad value that an error repeats

void require_interval(const http::Query& query) {
  const auto* interval = query.find("interval");
  if (interval && *interval != "day") throw invalid_parameter("interval", "interval must be \"day\".");
}

std::optional<db::DayNumber> find_day(const http::Query& query, const char* name) {
  const auto* text = query.find(name);
  if (!text) return std::nullopt;
  if (const auto day = base::parse_day(*text)) return day;
  throw invalid_parameter(
      name, std::string(name) + " must be a day such as 2026-04-27, not '" + base::shorten(*text, kMaxQuoted) + "'.");
}

void require_order_and_length(const DayRange& days, bool to_given) {
  if (days.from > days.to)
    throw invalid_parameter("from", "from (" + base::format_day(days.from) + ") must not be after to (" +
                                        base::format_day(days.to) + (to_given ? ")." : ", today: it is not given)."));
  if (days.to - days.from >= kMostDays)
    throw invalid_parameter("from", "At most " + std::to_string(kMostDays) + " days can be asked for at once, not " +
                                        std::to_string(days.to - days.from + 1) + ".");
}

}  // namespace

DayRange parse_days(const http::Query& query, db::DayNumber today) {
  std::optional<db::DayNumber> from, to;
  ParameterFaults faults;
  faults.attempt([&] { require_interval(query); });
  faults.attempt([&] { from = find_day(query, "from"); });
  faults.attempt([&] { to = find_day(query, "to"); });
  faults.throw_if_any();
  const db::DayNumber last = to.value_or(today);
  const DayRange days{from.value_or(last - kDaysOfWindow + 1), last};
  require_order_and_length(days, to.has_value());
  return days;
}

}  // namespace handlers
