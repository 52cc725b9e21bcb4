// Which days a request asks for.
#pragma once

#include "app/http/query.hpp"
#include "db/model.hpp"

namespace handlers {

inline constexpr int kDaysOfWindow = 30;  // those of clicks_30d
inline constexpr int kMostDays = 400;     // in one request: a year, and some to compare it with

struct DayRange {
  db::DayNumber from = 0;
  db::DayNumber to = 0;  // included
};

// interval, from and to. Without days: those of clicks_30d. Throws Problem 400 that names each parameter at fault.
DayRange parse_days(const http::Query& query, db::DayNumber today);

}  // namespace handlers
