// An account whose limit is out of the way of tests that need many requests with one key.
#pragma once

#include <string>

namespace e2e {

inline constexpr int kRoomyQuota = 600;  // the most that the default configuration has room for

// Its name; it is made on first use, on a plan of its own, and has no links.
const std::string& roomy_account();
std::string roomy_plan();  // the plan's name

}  // namespace e2e
