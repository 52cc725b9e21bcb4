// Retry-After: how long a host wants to be left alone.
#pragma once

#include <optional>

#include "app/check/record.hpp"

namespace check {

// Of a last answer with 429 or 503: seconds, or until a date, counted from `unix_now`; at most an hour. nullopt: it
// does not say.
std::optional<Milliseconds> retry_after(const Record& record, std::int64_t unix_now);

}  // namespace check
