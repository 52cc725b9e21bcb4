#include "handlers/paging.hpp"

#include <algorithm>

#include "app/base/ids.hpp"
#include "handlers/parameters.hpp"

namespace handlers {
namespace {

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

Paging parse_paging(const http::Query& query, ParameterFaults& faults) {
  Paging paging;
  faults.attempt([&] { paging.limit = parse_limit(query); });
  faults.attempt([&] { paging.offset = query.integer("offset", 0, 0); });
  faults.attempt([&] { paging.starting_after = parse_cursor(query); });
  return paging;
}

Paging parse_paging(const http::Query& query) {
  ParameterFaults faults;
  const auto paging = parse_paging(query, faults);
  faults.throw_if_any();
  return paging;
}

std::vector<http::WebLink> page_links(const Paging& paging, std::int64_t total, const std::string& url,
                                      const std::string& filter) {
  const auto at = [&](const char* relation, std::int64_t offset) {
    return http::WebLink{relation,
                         url + "?limit=" + std::to_string(paging.limit) + "&offset=" + std::to_string(offset) + filter};
  };
  if (paging.offset == 0 && total <= paging.limit) return {};
  const std::int64_t phase = paging.offset % paging.limit;  // pages lie where following prev and next from here leads
  const std::int64_t last = total > phase ? phase + (total - 1 - phase) / paging.limit * paging.limit : 0;
  std::vector<http::WebLink> links{at("first", 0)};
  if (paging.offset > 0) links.push_back(at("prev", std::clamp<std::int64_t>(paging.offset - paging.limit, 0, last)));
  if (paging.offset < last) links.push_back(at("next", paging.offset + paging.limit));
  links.push_back(at("last", last));
  return links;
}

std::vector<http::WebLink> cursor_links(const Paging& paging, const std::optional<db::Uuid>& last_id,
                                        const std::string& url, const std::string& filter) {
  const auto limit = "?limit=" + std::to_string(paging.limit);
  std::vector<http::WebLink> links{{"first", url + limit + filter}};
  if (last_id) links.push_back({"next", url + limit + "&starting_after=" + base::format_uuid(*last_id) + filter});
  return links;
}

}  // namespace handlers
