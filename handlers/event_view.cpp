#include "handlers/event_view.hpp"

#include <algorithm>
#include <string_view>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/http/json_value.hpp"
#include "handlers/views.hpp"

namespace handlers {
namespace {

const http::JsonValue* find(const http::JsonObject& object, std::string_view name) {
  const auto found =
      std::find_if(object.begin(), object.end(), [&](const auto& member) { return member.name == name; });
  return found == object.end() ? nullptr : &found->value;
}

// The database keeps members in an order of its own; these are in ours, and one that it does not have is null.
void write_members(http::JsonWriter& json, const http::JsonObject& object, std::initializer_list<const char*> names) {
  for (const std::string_view name : names) {
    json.key(name);
    const auto* value = find(object, name);
    value ? write_value(json, *value) : static_cast<void>(json.null());
  }
}

std::string text_in(const http::JsonObject& object, std::string_view name) {
  const auto* value = find(object, name);
  const auto* text = value ? value->as<std::string>() : nullptr;
  return text ? *text : std::string();
}

void write_id(http::JsonWriter& json, const char* name, const std::optional<db::Uuid>& id) {
  json.key(name);
  id ? json.string(base::format_uuid(*id)) : json.null();
}

void write_link_of(http::JsonWriter& json, const db::Event& event, const http::JsonObject& link,
                   const std::string& public_url) {
  json.begin_object();
  json.key("id").string(base::format_uuid(*event.link_id));
  write_members(json, link, {"label", "url"});
  json.key("proxy_url").string(public_url + "/go/" + text_in(link, "slug"));
  write_members(json, link, {"program", "status", "slug", "tags", "fallback_url", "failure_mode"});
  json.end_object();
}

void write_changes(http::JsonWriter& json, const std::string& changes) {
  const auto value = http::parse_json(changes);
  const auto& members = *value.as<http::JsonObject>();
  json.begin_object();
  for (const auto* name : {"label", "url", "program", "status", "slug", "tags", "fallback_url", "failure_mode",
                           "paused", "expected_host", "tag_parameter", "baseline_accepted"}) {
    const auto* change = find(members, name);
    if (!change) continue;
    json.key(name).begin_object();
    write_members(json, *change->as<http::JsonObject>(), {"from", "to"});
    json.end_object();
  }
  json.end_object();
}

void write_key_of(http::JsonWriter& json, const http::JsonObject& key) {
  json.begin_object();
  write_members(json, key, {"id", "name", "scope", "last_four"});
  json.end_object();
}

void write_actor(http::JsonWriter& json, const db::Event& event) {
  json.begin_object().key("type").string(event.actor_type);
  write_id(json, "id", event.actor_id);
  write_optional(json, "name", event.actor_name);
  json.end_object();
}

}  // namespace

void write_event(http::JsonWriter& json, const db::Event& event, const std::string& public_url) {
  const auto subject = http::parse_json(event.subject);
  const auto& members = *subject.as<http::JsonObject>();
  json.begin_object();
  json.key("id").string(base::format_uuid(event.id));
  json.key("seq").integer(event.seq);
  json.key("type").string(event.type);
  json.key("created_at").string(base::format_utc(event.created_at));
  write_id(json, "link_id", event.link_id);
  json.key("link");
  event.link_id ? write_link_of(json, event, members, public_url) : static_cast<void>(json.null());
  json.key("changes");
  write_changes(json, event.changes);
  json.key("actor");
  write_actor(json, event);
  write_optional(json, "request_id", event.request_id);
  json.key("key");
  event.link_id ? static_cast<void>(json.null()) : write_key_of(json, members);
  json.end_object();
}

}  // namespace handlers
