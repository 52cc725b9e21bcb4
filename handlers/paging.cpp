#include "handlers/paging.hpp"

#include <algorithm>

#include "app/base/ids.hpp"
#include "handlers/parameters.hpp"

namespace handlers {
namespace {

http::WebLink at_offset(const char* relation, const Paging& paging, std::int64_t offset, const std::string& url) {
  return {relation, url + "?limit=" + std::to_string(paging.limit) + "&offset=" + std::to_string(offset)};
}

std::optional<db::Uuid> parse_cursor(const http::Query& query) {
  const auto* cursor = query.find("starting_after");
  if (!cursor) return std::nullopt;
  if (query.find("offset")) throw invalid_parameter("starting_after", "Give starting_after or offset, not both.");
  const auto id = base::parse_uuid(*cursor);
  if (!id) throw invalid_parameter("starting_after", "starting_after must be the id of a link, a UUID.");
  return id;
}

}  // namespace

int parse_limit(const http::Query& query) {
  return static_cast<int>(std::min<std::int64_t>(query.integer("limit", kDefaultLimit, 1), kLargestLimit));
}

// Every fault in one answer.
Paging parse_paging(const http::Query& query) {
  Paging paging;
  ParameterFaults faults;
  faults.attempt([&] { paging.limit = parse_limit(query); });
  faults.attempt([&] { paging.offset = query.integer("offset", 0, 0); });
  faults.attempt([&] { paging.starting_after = parse_cursor(query); });
  faults.throw_if_any();
  return paging;
}

std::vector<http::WebLink> page_links(const Paging& paging, std::int64_t total, const std::string& url) {
  if (paging.offset == 0 && total <= paging.limit) return {};
  const std::int64_t phase = paging.offset % paging.limit;  // pages lie where following prev and next from here leads
  const std::int64_t last = total > phase ? phase + (total - 1 - phase) / paging.limit * paging.limit : 0;
  std::vector<http::WebLink> links{at_offset("first", paging, 0, url)};
  if (paging.offset > 0)
    links.push_back(at_offset("prev", paging, std::clamp<std::int64_t>(paging.offset - paging.limit, 0, last), url));
  if (paging.offset < last) links.push_back(at_offset("next", paging, paging.offset + paging.limit, url));
  links.push_back(at_offset("last", paging, last, url));
  return links;
}

std::vector<http::WebLink> cursor_links(const Paging& paging, const std::optional<db::Uuid>& last_id,
                                        const std::string& url) {
  const auto limit = "?limit=" + std::to_string(paging.limit);
  std::vector<http::WebLink> links{{"first", url + limit}};
  if (last_id) links.push_back({"next", url + limit + "&starting_after=" + base::format_uuid(*last_id)});
  return links;
}

}  // namespace handlers
