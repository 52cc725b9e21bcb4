// Which page of a list is asked for, and how its neighbours are named (RFC 8288).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/http/link_header.hpp"
#include "app/http/query.hpp"
#include "db/model.hpp"
#include "handlers/parameters.hpp"

namespace handlers {

inline constexpr int kDefaultLimit = 100;
inline constexpr int kLargestLimit = 500;

struct Paging {
  int limit = kDefaultLimit;
  std::int64_t offset = 0;
  std::optional<db::Uuid> starting_after;  // a cursor costs the same at any depth; it goes without an offset
};

int parse_limit(const http::Query& query);  // Throws Problem 400; above the largest it is taken as that.

// Notes each parameter that it cannot take in `faults`. A limit above the largest is taken as the largest.
Paging parse_paging(const http::Query& query, ParameterFaults& faults);
Paging parse_paging(const http::Query& query);  // Throws Problem 400 that names each of them.

// The neighbours of a page of `total` items; empty if this page holds all. `url` is the list's, without a query;
// `filter` its other parameters, "&name=value...".
std::vector<http::WebLink> page_links(const Paging& paging, std::int64_t total, const std::string& url,
                                      const std::string& filter = {});

// The same for a page that a cursor began: the first page, and the next one behind `last_id` if there is more.
std::vector<http::WebLink> cursor_links(const Paging& paging, const std::optional<db::Uuid>& last_id,
                                        const std::string& url, const std::string& filter = {});

}  // namespace handlers
