#include "handlers/keys.hpp"

#include <cstring>
#include <stdexcept>

#include "app/base/api_key.hpp"
#include "app/base/clock.hpp"
#include "app/base/crypto.hpp"
#include "app/base/ids.hpp"
#include "app/base/name.hpp"
#include "app/http/json.hpp"
#include "app/http/problem.hpp"
#include "handlers/members.hpp"
#include "handlers/session_view.hpp"

namespace handlers {
namespace {

constexpr std::size_t kMostKeys = 100;             // of an account, that work
constexpr std::int64_t kLongestOverlap = 604'800;  // seconds

http::Problem key_not_found() {
  return {404, "not_found", "There is no such key, or it does not work any more."};
}

http::Problem already_replaced() {
  return {409, "key_already_replaced",
          "This key was regenerated before and ends by itself. Regenerate the one that took its place, or revoke this "
          "one."};
}

http::Problem too_many_keys() {
  return {422, "too_many_keys",
          "An account has at most " + std::to_string(kMostKeys) + " keys that work. Revoke one that is not used."};
}

void write_time(http::JsonWriter& json, std::string_view name, const std::optional<db::UnixSeconds>& time) {
  json.key(name);
  time ? json.string(base::format_utc(*time)) : json.null();
}

// How many requests the limiter has counted in the last 60 seconds.
int requests_last_minute(web::Context& context, const db::Digest& digest) {
  std::uint64_t fingerprint = 0;
  std::memcpy(&fingerprint, digest.data(), sizeof fingerprint);
  const int most = context.config.rate_limit.max_requests_per_minute;
  return most - context.keys.peek(fingerprint, most).remaining;
}

void write_key(http::JsonWriter& json, web::Context& context, const db::ActiveKey& active) {
  const auto& key = active.key;
  json.key("id").string(base::format_uuid(key.id));
  json.key("name").string(key.name);
  json.key("scope").string(key.scope == db::Scope::write ? "write" : "read");
  json.key("last_four").string(key.last_four);
  json.key("created_at").string(base::format_utc(key.created_at));
  write_time(json, "last_used_at", key.last_used_at);
  write_time(json, "expires_at", key.expires_at);
  write_time(json, "replaced_at", key.replaced_at);
  json.key("requests_last_minute").integer(requests_last_minute(context, active.digest));
}

// Made, and told: the only time that the secret is seen. Within a transaction: whoever adds a key waits for whoever
// added one to the same account before, because both are events of it, so the number holds.
http::Response make_key(web::Context& context, db::NewKey key) {
  auto secret = base::generate_api_key();
  key.digest = base::api_key_digest(secret);
  key.last_four = base::last_four(secret);
  auto& keys = context.database.keys();
  const auto id = keys.add(key);
  const auto active = keys.list_active(key.account_id);
  if (active.size() > kMostKeys) throw too_many_keys();
  http::JsonWriter json;
  json.begin_object();
  for (const auto& candidate : active)
    if (candidate.key.id == id) write_key(json, context, candidate);
  json.key("key").string(secret);
  json.end_object();
  base::wipe(secret);
  return private_answer(201, json.take());
}

std::optional<db::UnixSeconds> read_expiry(Members& members, db::UnixSeconds now) {
  const auto text = members.text_or_null("expires_at");
  if (!text) return std::nullopt;
  try {
    const auto time = base::parse_utc(*text);
    if (time > now) return time;
    members.fault("expires_at", "is in the past");
  } catch (const std::invalid_argument&) {
    members.fault("expires_at", "must be a time in UTC, as in 2027-01-01T18:00:00Z, or null");
  }
  return std::nullopt;
}

std::optional<std::string> scope_fault(std::string_view scope) {
  if (scope == "read" || scope == "write") return std::nullopt;
  return "must be \"read\" or \"write\"";
}

db::NewKey read_new_key(const http::Request& request, web::Context& context) {
  Members members(request);
  db::NewKey key{.account_id = context.identity.account_id,
                 .name = members.text("name", base::name_fault),
                 .scope = db::Scope::read,
                 .digest = {},
                 .last_four = {},
                 .expires_at = {}};
  const auto scope = members.text("scope", scope_fault);
  key.expires_at = read_expiry(members, context.now);
  if (scope == "write") key.scope = db::Scope::write;
  members.require_good();
  return key;
}

db::Uuid require_key_id(const web::Context& context) {
  const auto id = base::parse_uuid(context.path_parameter);
  if (!id) throw key_not_found();
  return *id;
}

}  // namespace

http::Response list_keys(const http::Request&, web::Context& context) {
  http::JsonWriter json;
  json.begin_object().key("keys").begin_array();
  for (const auto& active : context.database.keys().list_active(context.identity.account_id)) {
    json.begin_object();
    write_key(json, context, active);
    json.end_object();
  }
  json.end_array().end_object();
  return private_answer(200, json.take());
}

http::Response create_key(const http::Request& request, web::Context& context) {
  const auto key = read_new_key(request, context);
  http::Response response;
  context.database.together("make an API key", [&] { response = make_key(context, key); });
  return response;
}

http::Response revoke_key(const http::Request&, web::Context& context) {
  const auto id = require_key_id(context);
  auto& keys = context.database.keys();
  bool revoked = false;
  context.database.together("revoke an API key", [&] {
    revoked = keys.hold_active(context.identity.account_id, id) && keys.revoke(context.identity.account_id, id);
  });
  if (!revoked) throw key_not_found();
  return private_nothing();
}

http::Response regenerate_key(const http::Request& request, web::Context& context) {
  Members members(request);
  const auto overlap = members.integer("overlap_s", 0, kLongestOverlap);
  members.require_good();
  const auto id = require_key_id(context);
  const auto& account = context.identity.account_id;
  auto& keys = context.database.keys();
  http::Response response;
  context.database.together("make a key anew", [&] {
    const auto old = keys.hold_active(account, id);
    if (!old) throw key_not_found();
    if (old->replaced_at) throw already_replaced();
    if (overlap > 0)
      keys.replace(account, id, context.now + overlap);
    else
      keys.revoke(account, id);
    response = make_key(context, {.account_id = account,
                                  .name = old->name,
                                  .scope = old->scope,
                                  .digest = {},
                                  .last_four = {},
                                  .expires_at = old->expires_at});
  });
  return response;
}

}  // namespace handlers
