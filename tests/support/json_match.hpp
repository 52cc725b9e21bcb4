// Compares a JSON answer with an expectation, members in order: an API's shape is more than a set of names.
// In the expectation a string may be a matcher:
//   "$any" "$integer" "$text" (not empty) "$uuid" "$time" ("2026-04-27T08:00:00Z") "$time-or-null" "/regex/" (of a
//   string)
//   "$request-id" (8 to 64 of [A-Za-z0-9._-])
//   ["$each", N, X]  an array of N elements that each match X (N may be "$any")
#pragma once

#include <string>

namespace support {

// Empty if they match; else where and how they differ: "$.links[3].program: expected null, got \"CJ\"".
std::string json_difference(const std::string& expected, const std::string& actual);

}  // namespace support
