#include "handlers/events.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/base/text.hpp"
#include "app/http/etag.hpp"
#include "app/http/json.hpp"
#include "app/http/link_header.hpp"
#include "app/http/query.hpp"
#include "handlers/conditional.hpp"
#include "handlers/event_view.hpp"
#include "handlers/paging.hpp"
#include "handlers/parameters.hpp"
#include "handlers/views.hpp"

namespace handlers {
namespace {

constexpr std::string_view kRepresentation = "1";  // raise it when the bytes change for the same events
constexpr std::size_t kBytesOfAnEvent = 900;
constexpr std::size_t kMaxQuoted = 40;

constexpr std::array<std::string_view, 7> kTypes = {
    "link.created", "link.updated", "link.deleted", "link.status_changed", "link.monitoring_changed",
    "key.created",  "key.revoked"};

std::optional<std::string> find_type(const http::Query& query) {
  const auto* type = query.find("type");
  if (!type) return std::nullopt;
  if (std::find(kTypes.begin(), kTypes.end(), *type) != kTypes.end()) return *type;
  std::string known;
  for (const auto name : kTypes) known.append(known.empty() ? "" : ", ").append(name);
  throw invalid_parameter("type", "type must be one of " + known + ", not '" + base::shorten(*type, kMaxQuoted) + "'.");
}

std::optional<db::Uuid> find_link(const http::Query& query) {
  const auto* text = query.find("link_id");
  if (!text) return std::nullopt;
  if (const auto id = base::parse_uuid(*text)) return id;
  throw invalid_parameter("link_id", "link_id must be the id of a link, a UUID.");
}

std::optional<std::int64_t> find_seq(const http::Query& query, const char* name) {
  if (!query.find(name)) return std::nullopt;
  return query.integer(name, 0, 0);
}

bool parse_order(const http::Query& query) {
  const auto* sort = query.find("sort");
  if (!sort || *sort == "-seq") return false;
  if (*sort == "seq") return true;
  throw invalid_parameter("sort", "sort must be seq (oldest first) or -seq (newest first).");
}

db::EventQuery parse_query(const http::Query& query, const db::Uuid& account_id) {
  db::EventQuery result;
  result.account_id = account_id;
  ParameterFaults faults;
  faults.attempt([&] { result.limit = parse_limit(query); });
  faults.attempt([&] { result.type = find_type(query); });
  faults.attempt([&] { result.link_id = find_link(query); });
  faults.attempt([&] { result.after = find_seq(query, "after"); });
  faults.attempt([&] { result.before = find_seq(query, "before"); });
  faults.attempt([&] { result.oldest_first = parse_order(query); });
  faults.throw_if_any();
  return result;
}

// Everything but the events themselves that shapes the bytes. Also what a link to the next page repeats.
std::string describe(const db::EventQuery& query, const std::optional<std::int64_t>& after,
                     const std::optional<std::int64_t>& before) {
  std::string text = "?limit=" + std::to_string(query.limit);
  if (query.oldest_first) text += "&sort=seq";
  if (query.type) text += "&type=" + http::percent_encode(*query.type);
  if (query.link_id) text += "&link_id=" + base::format_uuid(*query.link_id);
  if (after) text += "&after=" + std::to_string(*after);
  if (before) text += "&before=" + std::to_string(*before);
  return text;
}

std::string tag_of(std::int64_t last_seq, const db::EventQuery& query, const web::Context& context) {
  std::string shape(kRepresentation);
  shape += base::format_uuid(context.identity.account_id) + describe(query, query.after, query.before);
  return std::to_string(last_seq) + '-' + http::content_tag(shape + context.public_url);
}

// Pages follow each other by seq, so that none is seen twice and none missed, whatever happens meanwhile.
std::string next_page(const db::EventPage& page, const db::EventQuery& query, const std::string& public_url) {
  const auto last = page.events.back().seq;
  const auto rest = query.oldest_first ? describe(query, last, query.before) : describe(query, query.after, last);
  return public_url + "/api/v1/events" + rest;
}

std::string render(const db::EventPage& page, int limit, const std::string& public_url) {
  http::JsonWriter json(page.events.size() * kBytesOfAnEvent + kBytesOfAnEvent);
  json.begin_object().key("events").begin_array();
  for (const auto& event : page.events) write_event(json, event, public_url);
  json.end_array();
  json.key("limit").integer(limit);
  json.key("has_more").boolean(page.more);
  json.key("last_seq").integer(page.last_seq);
  json.end_object();
  return json.take();
}

}  // namespace

// A poller that is up to date costs one small row.
http::Response list_events(const http::Request& request, web::Context& context) {
  const auto query = parse_query(http::Query(request.query), context.identity.account_id);
  const auto condition = http::parse_if_none_match(request.header("if-none-match"));
  auto& events = context.database.events();
  if (!condition.tags.empty()) {
    const auto tag = tag_of(events.last_seq(query.account_id), query, context);
    if (condition.matches(tag)) {
      auto unchanged = json_response({});
      set_tag(unchanged, tag);
      return not_modified(std::move(unchanged));
    }
  }
  const auto page = events.page(query);
  auto response = json_response(render(page, query.limit, context.public_url));
  set_tag(response, tag_of(page.last_seq, query, context));
  if (condition.any) return not_modified(std::move(response));
  if (page.more) response.set("Link", http::link_header({{"next", next_page(page, query, context.public_url)}}));
  return response;
}

}  // namespace handlers
