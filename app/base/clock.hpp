// Time, from two clocks that are never mixed up: the monotonic one for durations and limits, the wall clock for dates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "db/model.hpp"

namespace base {

using Micros = std::int64_t;

Micros monotonic_micros();       // CLOCK_MONOTONIC: unmoved by changes of the date
db::UnixSeconds unix_seconds();  // CLOCK_REALTIME
db::DayNumber day_number(db::UnixSeconds time);

// "2026-04-27T08:00:00Z" (RFC 3339, UTC, whole seconds).
std::string format_utc(db::UnixSeconds time);

// The same form, and a bare date ("2026-04-27": midnight). Throws std::invalid_argument, saying what was expected.
db::UnixSeconds parse_utc(const std::string& text);

// A day alone, "2026-04-27".
std::string format_day(db::DayNumber day);
std::optional<db::DayNumber> parse_day(std::string_view text);  // exactly this form, and a day that exists

}  // namespace base
