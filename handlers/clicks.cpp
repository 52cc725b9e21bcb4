#include "handlers/clicks.hpp"

#include <string>
#include <vector>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/http/json.hpp"
#include "handlers/conditional.hpp"
#include "handlers/days.hpp"
#include "handlers/links.hpp"
#include "handlers/views.hpp"

namespace handlers {
namespace {

using Days = std::vector<db::ClicksOfDay>;

constexpr std::size_t kBytesOfADay = 64;

db::ClicksOfDay sum(const Days& days) {
  db::ClicksOfDay total;
  for (const auto& day : days) {
    total.humans += day.humans;
    total.bots += day.bots;
    total.uniques += day.uniques;
  }
  return total;
}

void write_counts(http::JsonWriter& json, const db::ClicksOfDay& counts) {
  json.key("humans").integer(counts.humans);
  json.key("bots").integer(counts.bots);
  json.key("uniques").integer(counts.uniques);
}

std::string render(const db::Uuid& link, const DayRange& range, const Days& days) {
  http::JsonWriter json(days.size() * kBytesOfADay + 4 * kBytesOfADay);
  json.begin_object();
  json.key("link_id").string(base::format_uuid(link));
  json.key("interval").string("day");
  json.key("from").string(base::format_day(range.from));
  json.key("to").string(base::format_day(range.to));
  json.key("totals").begin_object();
  write_counts(json, sum(days));
  json.end_object().key("clicks").begin_array();
  for (const auto& day : days) {
    json.begin_object().key("day").string(base::format_day(day.day));
    write_counts(json, day);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace

http::Response link_clicks(const http::Request& request, web::Context& context) {
  const auto range = parse_days(http::Query(request.query), base::day_number(context.now));
  const auto id = base::parse_uuid(context.path_parameter);
  const auto days =
      id ? context.database.clicks().by_day(context.identity.account_id, *id, range.from, range.to) : std::nullopt;
  if (!days) throw link_not_found();
  return with_content_tag(request, json_response(render(*id, range, *days)));
}

}  // namespace handlers
