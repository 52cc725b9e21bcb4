#include "tests/faults/link_model.hpp"

#include <algorithm>
#include <ostream>
#include <stdexcept>
#include <utility>

#include "app/base/ids.hpp"
#include "app/http/json.hpp"
#include "tests/faults/timing.hpp"

namespace faults {
namespace {

constexpr int kRequestsOfAKey = 250;  // well under the plan's limit, so that there is room to repeat them
constexpr int kAttempts = 200;

bool fate_unknown(const support::Reply& reply) {
  return reply.status == 0 || reply.status == 502 || reply.status == 503 || reply.status == 504;
}

bool in_progress(const support::Reply& reply) {
  return reply.status == 409 && reply.body.find("idempotency_in_progress") != std::string::npos;
}

std::optional<std::string> optional_at(const http::JsonValue& object, std::string_view name) {
  const auto& value = at(object, name);
  if (value.null()) return std::nullopt;
  return text_at(object, name);
}

template <typename T>
const T& as(const http::JsonValue& object, std::string_view name) {
  if (const auto* value = at(object, name).as<T>()) return *value;
  throw std::runtime_error(std::string(name) + " is " + std::string(http::kind_name(at(object, name))));
}

}  // namespace

const http::JsonValue& at(const http::JsonValue& object, std::string_view name) {
  if (const auto* members = object.as<http::JsonObject>())
    for (const auto& [key, value] : *members)
      if (key == name) return value;
  throw std::runtime_error("there is no member " + std::string(name));
}

const std::string& text_at(const http::JsonValue& object, std::string_view name) {
  return as<std::string>(object, name);
}

std::int64_t integer_at(const http::JsonValue& object, std::string_view name) {
  return as<std::int64_t>(object, name);
}

const http::JsonArray& array_at(const http::JsonValue& object, std::string_view name) {
  return as<http::JsonArray>(object, name);
}

ModelLink model_of(const http::JsonValue& link) {
  ModelLink model{
      text_at(link, "label"),           text_at(link, "url"), text_at(link, "slug"), optional_at(link, "program"), {},
      optional_at(link, "fallback_url")};
  for (const auto& tag : array_at(link, "tags")) model.tags.push_back(*tag.as<std::string>());
  return model;
}

std::ostream& operator<<(std::ostream& out, const ModelLink& link) {
  return out << to_json(link, true);
}

std::string to_json(const ModelLink& link, bool with_slug) {
  http::JsonWriter json;
  json.begin_object().key("label").string(link.label).key("url").string(link.url);
  if (with_slug) json.key("slug").string(link.slug);
  json.key("program");
  link.program ? json.string(*link.program) : json.null();
  json.key("tags").begin_array();
  for (const auto& tag : link.tags) json.string(tag);
  json.end_array().key("fallback_url");
  link.fallback_url ? json.string(*link.fallback_url) : json.null();
  json.end_object();
  return json.take();
}

std::string Agency::new_key() {
  const std::lock_guard lock(mutex_);
  return stack_.new_key(account_, 0, db::Scope::write).secret;
}

void Agency::complain(const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (complaints_.size() < 20) complaints_.push_back(what);
}

std::vector<std::string> Agency::complaints() {
  const std::lock_guard lock(mutex_);
  return complaints_;
}

support::Call PersistentClient::authorized(support::Call call) {
  for (const auto& [name, value] : call.headers)
    if (name == "Authorization") return call;
  if (left_-- == 0) {
    key_ = agency_.new_key();
    left_ = kRequestsOfAKey;
  }
  call.headers.emplace_back("Authorization", "Bearer " + key_);
  return call;
}

support::Call PersistentClient::identified(const support::Call& call) {
  auto result = authorized(call);
  result.headers.emplace_back("X-Request-Id", "model-" + base::format_uuid(base::random_uuid()));
  request_ids_.insert(result.headers.back().second);
  return result;
}

PersistentClient::Answer PersistentClient::ask(const support::Call& call) {
  Answer answer;
  const auto same_key = authorized(call);  // an Idempotency-Key is one API key's
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    answer.reply = https_.send(identified(same_key));
    if (!fate_unknown(answer.reply) && !in_progress(answer.reply)) return answer;
    if (fate_unknown(answer.reply) && !std::exchange(answer.doubt, true)) ++in_doubt_;
    sleep_ms(20);
  }
  throw std::runtime_error("no answer to " + call.method + ' ' + call.target +
                           " after many attempts: " + std::to_string(answer.reply.status) + ' ' + answer.reply.body);
}

std::vector<support::Reply> PersistentClient::ask_at_once(const support::Call& call, int times) {
  std::vector<support::Call> calls;
  while (times-- > 0) calls.push_back(identified(call));
  return https_.burst(calls, static_cast<int>(calls.size()));
}

http::JsonValue PersistentClient::get(const std::string& target) {
  support::Call call;
  call.target = target;
  const auto reply = ask(call).reply;
  if (reply.status != 200) throw std::runtime_error(target + ": " + std::to_string(reply.status) + ' ' + reply.body);
  return http::parse_json(reply.body);
}

}  // namespace faults
