#include "handlers/views.hpp"

#include <optional>
#include <utility>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/base/text.hpp"

namespace handlers {
namespace {

struct Write {
  http::JsonWriter& json;

  void operator()(std::nullptr_t) const { json.null(); }
  void operator()(bool value) const { json.boolean(value); }
  void operator()(std::int64_t value) const { json.integer(value); }
  void operator()(double value) const { json.number(value); }
  void operator()(const std::string& value) const { json.string(value); }
  void operator()(const http::JsonArray& values) const {
    json.begin_array();
    for (const auto& value : values) write_value(json, value);
    json.end_array();
  }
  void operator()(const http::JsonObject& members) const {
    json.begin_object();
    for (const auto& [name, value] : members) {
      json.key(name);
      write_value(json, value);
    }
    json.end_object();
  }
};

}  // namespace

void write_value(http::JsonWriter& json, const http::JsonValue& value) {
  std::visit(Write{json}, value.value);
}

void write_optional(http::JsonWriter& json, std::string_view key, const std::optional<std::string>& value) {
  json.key(key);
  value ? json.string(*value) : json.null();
}

http::Response json_response(std::string body) {
  http::Response response;
  response.set("Content-Type", "application/json");
  response.set("Cache-Control", "private, no-cache");
  response.set("Vary", "Authorization, Cookie");
  response.body = std::move(body);
  return response;
}

void write_link(http::JsonWriter& json, const db::Link& link, const std::string& public_url) {
  json.begin_object();
  json.key("id").string(base::format_uuid(link.id));
  json.key("label").string(link.label);
  json.key("url").string(link.url);
  json.key("proxy_url").string(public_url + "/go/" + link.slug);
  write_optional(json, "program", link.program);
  json.key("status").string(status_name(link.status));
  json.key("last_checked_at");
  link.last_checked_at ? json.string(base::format_utc(*link.last_checked_at)) : json.null();
  json.key("clicks_30d").integer(link.clicks_30d);
  json.key("created_at").string(base::format_utc(link.created_at));
  json.key("slug").string(link.slug);
  json.key("tags").begin_array();
  for (const auto& tag : link.tags) json.string(tag);
  json.end_array();
  write_optional(json, "fallback_url", link.fallback_url);
  write_optional(json, "failure_mode", link.failure_mode);
  json.end_object();
}

void write_error(http::JsonWriter& json, const http::Problem& problem) {
  json.begin_object();
  json.key("code").string(problem.code());
  json.key("title").string(problem.title());
  json.key("detail").string(base::replace_bad_utf8(problem.detail()));
  http::write_errors(json, problem);
  json.end_object();
}

}  // namespace handlers
