// `quietleaks check` as its user runs it: with nothing but its arguments, no database and no settings.
#pragma once

#include <string>
#include <vector>

#include "app/http/json_value.hpp"
#include "tests/integration/operator.hpp"

namespace integration {

struct Checked {
  Outcome outcome;
  double seconds = 0;
  http::JsonValue json;  // null unless it printed some

  // "status" or "evidence.hop" or "hops.0.url"; null, numbers and texts as they stand, "" if there is none.
  std::string at(const std::string& path) const;
  std::string verdict() const;  // "broken not_found", "healthy", "inconclusive", "refused"
};

// --json, and 127.0.0.0/8 is allowed unless `allow` says otherwise.
Checked check(const std::vector<std::string>& arguments, bool allow = true);

}  // namespace integration
