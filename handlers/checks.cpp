#include "handlers/checks.hpp"

#include <string>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/http/json.hpp"
#include "app/http/query.hpp"
#include "handlers/conditional.hpp"
#include "handlers/links.hpp"
#include "handlers/paging.hpp"
#include "handlers/parameters.hpp"
#include "handlers/views.hpp"

namespace handlers {
namespace {

constexpr std::size_t kBytesOfACheck = 900;

std::string url_of(const web::Context& context, const db::Uuid& link) {
  return context.public_url + "/api/v1/links/" + base::format_uuid(link) + "/checks";
}

void write_check(http::JsonWriter& json, const db::Check& check) {
  json.begin_object();
  json.key("id").string(base::format_uuid(check.id));
  json.key("checked_at").string(base::format_utc(check.checked_at));
  json.key("outcome").string(check.outcome);
  json.key("status");
  check.status ? json.string(status_name(*check.status)) : json.null();
  write_optional(json, "failure_mode", check.failure_mode);
  json.key("confirmed").boolean(check.confirmed);
  write_optional(json, "final_url", check.final_url);
  json.key("http_status");
  check.http_status ? json.integer(*check.http_status) : json.null();
  json.key("duration_ms").integer(check.duration_ms);
  write_value(json.key("hops"), http::parse_json(check.hops));
  write_value(json.key("evidence"), http::parse_json(check.evidence));
  json.end_object();
}

std::string render(const db::CheckPage& page, int limit) {
  http::JsonWriter json(page.checks.size() * kBytesOfACheck + kBytesOfACheck);
  json.begin_object().key("checks").begin_array();
  for (const auto& check : page.checks) write_check(json, check);
  json.end_array();
  json.key("limit").integer(limit);
  json.key("has_more").boolean(page.more);
  json.end_object();
  return json.take();
}

std::optional<db::Uuid> parse_cursor(const http::Query& query) {
  const auto* cursor = query.find("starting_after");
  if (!cursor) return std::nullopt;
  if (const auto id = base::parse_uuid(*cursor)) return id;
  throw invalid_parameter("starting_after", "starting_after must be the id of a check, a UUID.");
}

// The parameters are looked at before the link.
struct Asked {
  int limit = kDefaultLimit;
  std::optional<db::Uuid> cursor;
};

Asked parse(const http::Query& query) {
  Asked asked;
  ParameterFaults faults;
  faults.attempt([&] { asked.limit = parse_limit(query); });
  faults.attempt([&] { asked.cursor = parse_cursor(query); });
  faults.throw_if_any();
  return asked;
}

}  // namespace

http::Response list_checks(const http::Request& request, web::Context& context) {
  const auto asked = parse(http::Query(request.query));
  const auto link = base::parse_uuid(context.path_parameter);
  auto& checks = context.database.checks();
  if (!link || !checks.watch(context.identity.account_id, *link)) throw link_not_found();
  const auto page = checks.page(context.identity.account_id, *link, asked.cursor, asked.limit);
  if (!page) throw invalid_parameter("starting_after", "The link has no check with the id that starting_after names.");
  auto response = json_response(render(*page, asked.limit));
  if (page->more || asked.cursor) {
    const auto last = page->more ? std::optional(page->checks.back().id) : std::nullopt;
    const Paging paging{.limit = asked.limit, .offset = 0, .starting_after = asked.cursor};
    response.set("Link", http::link_header(cursor_links(paging, last, url_of(context, *link))));
  }
  return with_content_tag(request, std::move(response));
}

http::Response request_check(const http::Request&, web::Context& context) {
  const auto link = base::parse_uuid(context.path_parameter);
  int wait_s = 0;
  const auto outcome = link ? context.database.checks().request(context.identity.account_id, *link, wait_s)
                            : db::CheckRequest::no_such_link;
  if (outcome == db::CheckRequest::no_such_link) throw link_not_found();
  if (outcome == db::CheckRequest::too_soon) {
    http::Problem problem(
        429, "check_too_soon",
        "A check of this link was asked for less than a minute ago. Wait as long as Retry-After says.");
    problem.with_header("Retry-After", std::to_string(wait_s));
    throw problem;
  }
  http::JsonWriter json;
  json.begin_object();
  json.key("link_id").string(base::format_uuid(*link));
  json.key("requested_at").string(base::format_utc(context.now));
  json.key("checks_url").string(url_of(context, *link));
  json.end_object();
  auto response = json_response(json.take());
  response.status = 202;
  response.set("Location", url_of(context, *link));
  return response;
}

}  // namespace handlers
