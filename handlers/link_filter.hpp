// The list's filters and its sort, as query parameters.
#pragma once

#include <string>

#include "app/http/query.hpp"
#include "db/link_search.hpp"
#include "handlers/parameters.hpp"

namespace handlers {

// Notes each parameter that it cannot take in `faults`.
db::LinkFilter parse_link_filter(const http::Query& query, ParameterFaults& faults);

// The same filter as parameters, "&status=broken&sort=label"; empty for the plain list. Two filters that ask for the
// same in other words may be described alike, two that do not never are.
std::string describe(const db::LinkFilter& filter);

}  // namespace handlers
