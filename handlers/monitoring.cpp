#include "handlers/monitoring.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/base/text.hpp"
#include "app/http/json.hpp"
#include "app/http/query.hpp"
#include "app/links/destination.hpp"
#include "handlers/body.hpp"
#include "handlers/conditional.hpp"
#include "handlers/links.hpp"
#include "handlers/parameters.hpp"
#include "handlers/session_view.hpp"
#include "handlers/views.hpp"

namespace handlers {
namespace {

constexpr std::size_t kMaxParameter = 64;
constexpr std::size_t kMaxQuoted = 40;
constexpr std::size_t kMostIds = 100;

void write_baseline(http::JsonWriter& json, const db::LinkWatch& watch) {
  if (!watch.baseline_url) return static_cast<void>(json.null());
  json.begin_object();
  json.key("url").string(*watch.baseline_url);
  json.key("accepted").boolean(watch.baseline_accepted);
  json.end_object();
}

void write_suspicion(http::JsonWriter& json, const db::LinkWatch& watch) {
  if (!watch.suspected_status) return static_cast<void>(json.null());
  json.begin_object();
  json.key("status").string(status_name(*watch.suspected_status));
  write_optional(json, "failure_mode", watch.suspected_mode);
  json.key("times").integer(watch.suspected_times);
  json.end_object();
}

http::Response monitoring(web::Context& context, const db::Uuid& link) {
  const auto watch = context.database.checks().watch(context.identity.account_id, link);
  if (!watch) throw link_not_found();
  http::JsonWriter json;
  json.begin_object();
  json.key("link_id").string(base::format_uuid(link));
  json.key("paused").boolean(watch->paused);
  json.key("next_check_at");
  watch->due_at ? json.string(base::format_utc(*watch->due_at)) : json.null();
  write_baseline(json.key("baseline"), *watch);
  write_optional(json, "expected_host", watch->expected_host);
  write_optional(json, "tag_parameter", watch->tag_parameter);
  write_suspicion(json.key("suspicion"), *watch);
  json.end_object();
  return json_response(json.take());
}

// A host as it stands in a URL that may be a destination.
std::optional<std::string> host_fault(const std::string& host) {
  const std::string url = "https://" + host + "/";
  if (host.empty()) return "is empty";
  if (host.find_first_of("/?#@:[]\\") != std::string::npos) return "must be a host's name alone, as in shop.example";
  if (links::destination_fault(url, "")) return "is no public host's name: write it as in shop.example";
  return std::nullopt;
}

std::optional<std::string> parameter_fault(const std::string& name) {
  constexpr std::string_view kOthers = "_.-";
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  };
  if (name.empty()) return "is empty";
  if (name.size() > kMaxParameter) return "is longer than " + std::to_string(kMaxParameter) + " characters";
  if (!std::all_of(name.begin(), name.end(), fits)) return "must be a parameter's name alone, as in tag";
  return std::nullopt;
}

template <typename Check>
void read_text(const http::JsonMember& member, Check check, std::optional<std::optional<std::string>>& into,
               Faults& faults) {
  const std::string pointer = '/' + member.name;
  const auto* text = member.value.as<std::string>();
  if (member.value.null())
    into = std::optional<std::string>();
  else if (text == nullptr)
    add_fault(faults, pointer,
              member.name + " must be a string or null, not " + std::string(http::kind_name(member.value)) + ".");
  else if (const auto fault = check(*text))
    add_fault(faults, pointer, member.name + ' ' + *fault + '.');
  else
    into = *text;
}

void read_paused(const http::JsonMember& member, std::optional<bool>& into, Faults& faults) {
  if (const auto* paused = member.value.as<bool>())
    into = *paused;
  else
    add_fault(faults, "/paused",
              "paused must be true or false, not " + std::string(http::kind_name(member.value)) + ".");
}

void refuse(const std::string& name, Faults& faults) {
  constexpr std::array<std::string_view, 4> kReadOnly = {"link_id", "next_check_at", "baseline", "suspicion"};
  const bool ours = std::find(kReadOnly.begin(), kReadOnly.end(), name) != kReadOnly.end();
  add_fault(faults, '/' + http::pointer_token(name),
            ours ? name + " cannot be set: leave it out."
                 : "There is no member \"" + base::shorten(name, kMaxQuoted) +
                       "\" that you can set. There are: paused, expected_host, tag_parameter.");
}

db::WatchChanges read_changes(const http::Request& request) {
  const auto body = read_json(request);
  Faults faults;
  db::WatchChanges changes;
  const auto* object = body.as<http::JsonObject>();
  if (object == nullptr)
    add_fault(faults, "", "The body must be a JSON object, not " + std::string(http::kind_name(body)) + ".");
  for (const auto& member : object != nullptr ? *object : http::JsonObject()) {
    if (member.name == "paused")
      read_paused(member, changes.paused, faults);
    else if (member.name == "expected_host")
      read_text(member, host_fault, changes.expected_host, faults);
    else if (member.name == "tag_parameter")
      read_text(member, parameter_fault, changes.tag_parameter, faults);
    else
      refuse(member.name, faults);
  }
  if (!faults.empty()) throw invalid_body("invalid_monitoring", faults);
  if (changes.expected_host && *changes.expected_host)
    changes.expected_host = links::host_of("https://" + **changes.expected_host + "/");
  return changes;
}

// Of `ids`, with commas between them.
std::vector<db::Uuid> parse_ids(const http::Query& query) {
  const auto* text = query.find("ids");
  std::vector<db::Uuid> ids;
  for (std::string_view rest = text ? *text : std::string_view(); !rest.empty();) {
    const auto end = std::min(rest.find(','), rest.size());
    const auto id = base::parse_uuid(rest.substr(0, end));
    if (!id || ids.size() == kMostIds)
      throw invalid_parameter("ids", "ids must be up to 100 ids of links, with commas between them.");
    ids.push_back(*id);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return ids;
}

}  // namespace

http::Response list_paused(const http::Request& request, web::Context& context) {
  const auto ids = parse_ids(http::Query(request.query));
  http::JsonWriter json;
  json.begin_object().key("paused").begin_array();
  for (const auto& link : context.database.checks().paused(context.identity.account_id, ids))
    json.string(base::format_uuid(link));
  json.end_array().end_object();
  return private_answer(200, json.take());
}

http::Response get_monitoring(const http::Request& request, web::Context& context) {
  return with_content_tag(request, monitoring(context, require_link_id(context)));
}

http::Response update_monitoring(const http::Request& request, web::Context& context) {
  const auto changes = read_changes(request);
  const auto link = require_link_id(context);
  http::Response response;
  context.database.together("change how a link is checked", [&] {
    if (!context.database.checks().change_watch(context.identity.account_id, link, changes)) throw link_not_found();
    response = monitoring(context, link);
  });
  return response;
}

http::Response accept_baseline(const http::Request&, web::Context& context) {
  const auto link = require_link_id(context);
  http::Response response;
  context.database.together("accept where a link ends", [&] {
    const auto outcome = context.database.checks().accept_baseline(context.identity.account_id, link);
    if (outcome == db::Acceptance::no_such_link) throw link_not_found();
    if (outcome == db::Acceptance::no_check_yet)
      throw http::Problem(409, "no_check_yet",
                          "No check of this link has come to a page yet: there is nothing to accept. Ask for a check.");
    response = monitoring(context, link);
  });
  return response;
}

http::Response forget_baseline(const http::Request&, web::Context& context) {
  const auto link = require_link_id(context);
  bool found = false;
  context.database.together("forget where a link ends", [&] {
    found = context.database.checks().forget_baseline(context.identity.account_id, link);
  });
  if (!found) throw link_not_found();
  http::Response response;
  response.status = 204;
  response.set("Cache-Control", "no-store");
  return response;
}

}  // namespace handlers
