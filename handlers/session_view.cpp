#include "handlers/session_view.hpp"

#include <utility>

#include "app/base/clock.hpp"
#include "app/base/crypto.hpp"
#include "app/base/ids.hpp"
#include "app/base/token.hpp"
#include "app/http/json.hpp"
#include "app/http/problem.hpp"
#include "app/web/authenticator.hpp"
#include "app/web/session_authenticator.hpp"
#include "app/web/session_cookie.hpp"
#include "handlers/account.hpp"

namespace handlers {
namespace {

constexpr std::int64_t kDay = 86'400;

struct Begun {
  db::SessionIdentity session;
  std::string cookie;
};

// The browser's, if it has one that is not over.
std::optional<db::SessionIdentity> session_of(const http::Request& request, web::Context& context) {
  const auto token = web::session_cookie(request.header("cookie"));
  if (!token || !base::well_formed_token(*token)) return std::nullopt;
  return context.database.sessions().find(base::sha256(*token));
}

// A new token each time: whoever knew the browser's old one does not know this.
Begun begin(const http::Request& request, web::Context& context, const db::User& user) {
  auto token = base::generate_token();
  const auto lifetime = context.config.sessions.lifetime_days * kDay;
  auto session = context.database.sessions().add({.user = user,
                                                  .digest = base::sha256(token),
                                                  .user_agent = web::shortened_user_agent(request),
                                                  .remote_addr = web::shortened_address(request),
                                                  .lifetime_s = lifetime});
  auto cookie = web::keep_session_cookie(token, lifetime);
  base::wipe(token);
  return {std::move(session), std::move(cookie)};
}

void write_plan(http::JsonWriter& json, const db::Plan& plan, const db::PlanService& service) {
  json.begin_object();
  json.key("name").string(plan.name);
  json.key("api_access").boolean(plan.api_access);
  json.key("requests_per_minute").integer(plan.requests_per_minute);
  json.key("check_interval_s").integer(service.check_interval_s);
  json.key("webhooks").boolean(service.webhooks);
  json.end_object();
}

std::string to_json(web::Context& context, const db::SessionIdentity& session) {
  http::JsonWriter json;
  json.begin_object();
  json.key("user").begin_object();
  json.key("id").string(base::format_uuid(session.user.id));
  json.key("email").string(session.user.email);
  json.key("created_at").string(base::format_utc(session.user.created_at));
  json.end_object();
  write_account(json.key("account"), account_of(context, session.user.account_id));
  write_plan(json.key("plan"), session.plan,
             context.database.accounts().service_of(session.plan.name).value_or(db::PlanService{}));
  json.key("session").begin_object();
  json.key("id").string(base::format_uuid(session.session_id));
  json.key("created_at").string(base::format_utc(session.created_at));
  json.key("expires_at").string(base::format_utc(session.expires_at));
  json.end_object();
  json.key("public_url").string(context.public_url);
  json.end_object();
  return json.take();
}

}  // namespace

http::Response private_answer(int status, std::string json) {
  http::Response response;
  response.status = status;
  response.set("Content-Type", "application/json");
  response.set("Cache-Control", "no-store");
  response.body = std::move(json);
  return response;
}

http::Response private_nothing() {
  http::Response response;
  response.status = 204;
  response.set("Cache-Control", "no-store");
  return response;
}

http::Response session_answer(web::Context& context, const db::SessionIdentity& session) {
  return private_answer(200, to_json(context, session));
}

void end_session_of_browser(const http::Request& request, web::Context& context) {
  if (const auto old = session_of(request, context)) context.database.sessions().end(old->user, old->session_id);
}

http::Response begin_session(const http::Request& request, web::Context& context, const db::User& user) {
  end_session_of_browser(request, context);
  auto begun = begin(request, context, user);
  auto response = private_answer(201, to_json(context, begun.session));
  response.set("Set-Cookie", std::move(begun.cookie));
  return response;
}

http::Response replace_session(const http::Request& request, web::Context& context, const db::User& user) {
  auto response = private_nothing();
  response.set("Set-Cookie", begin(request, context, user).cookie);
  return response;
}

db::SignInAttempt begin_sign_in(const http::Request& request, web::Context& context, const std::string& email) {
  const auto address = std::to_string(web::address_fingerprint(request.remote_addr));
  const auto attempt = context.database.sessions().begin_sign_in(email, address);
  if (attempt.wait_s == 0) return attempt;
  http::Problem problem(429, "too_many_sign_ins",
                        "Signing in with this email, or from this address, has failed too often. Try again later.");
  problem.with_header("Retry-After", std::to_string(attempt.wait_s));
  throw problem;
}

}  // namespace handlers
