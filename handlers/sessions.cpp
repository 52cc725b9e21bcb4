#include "handlers/sessions.hpp"

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/base/log.hpp"
#include "app/http/json.hpp"
#include "app/http/problem.hpp"
#include "app/web/session_cookie.hpp"
#include "handlers/members.hpp"
#include "handlers/password_work.hpp"
#include "handlers/session_view.hpp"

namespace handlers {
namespace {

// One answer for an unknown email and a wrong password, which cost the same work.
http::Problem invalid_sign_in() {
  http::Problem problem(401, "invalid_sign_in", "This email and this password do not belong together.");
  problem.with_header("WWW-Authenticate", "Bearer realm=\"quietleaks\"");
  return problem;
}

http::Problem session_not_found() {
  return {404, "not_found", "You have no such session."};
}

db::Credentials require_user(const http::Request& request, web::Context& context, const std::string& email,
                             const std::string& password) {
  const auto attempt = begin_sign_in(request, context, email);
  const auto found = context.database.users().find(email);
  const bool right = counted_check(context, attempt, found ? found->password_hash : std::nullopt, password);
  if (!right) {  // without the email: people type passwords into the wrong field
    base::log::info("sign_in_failed", {{"request_id", request.id}, {"remote_addr", request.remote_addr}});
    throw invalid_sign_in();
  }
  return *found;
}

http::Response cleared(http::Response response) {
  response.set("Set-Cookie", web::clear_session_cookie());
  return response;
}

void write_session(http::JsonWriter& json, const db::UserSession& session, const db::Uuid& current) {
  json.begin_object();
  json.key("id").string(base::format_uuid(session.id));
  json.key("current").boolean(session.id == current);
  json.key("user_agent").string(session.user_agent);
  json.key("remote_addr").string(session.remote_addr);
  json.key("created_at").string(base::format_utc(session.created_at));
  json.key("last_seen_at").string(base::format_utc(session.last_seen_at));
  json.end_object();
}

}  // namespace

http::Response sign_in(const http::Request& request, web::Context& context) {
  Members members(request);
  const auto email = members.text("email");
  const Secret password(members.text("password"));
  members.require_good();
  const auto found = require_user(request, context, email, password.text);
  const auto& user = found.user;
  http::Response response;
  context.database.together("sign in", [&] {
    if (!context.database.users().hold_password(user, found.password_hash.value_or(""))) throw invalid_sign_in();
    response = begin_session(request, context, user);
  });
  base::log::info(
      "signed_in",
      {{"request_id", request.id}, {"remote_addr", request.remote_addr}, {"user_id", base::format_uuid(user.id)}});
  return response;
}

http::Response get_session(const http::Request&, web::Context& context) {
  return session_answer(context, *context.session);
}

http::Response sign_out(const http::Request& request, web::Context& context) {
  end_session_of_browser(request, context);
  return cleared(private_nothing());
}

http::Response list_sessions(const http::Request&, web::Context& context) {
  http::JsonWriter json;
  json.begin_object().key("sessions").begin_array();
  for (const auto& session : context.database.sessions().list(context.session->user))
    write_session(json, session, context.session->session_id);
  json.end_array().end_object();
  return private_answer(200, json.take());
}

http::Response end_session(const http::Request&, web::Context& context) {
  const auto id = base::parse_uuid(context.path_parameter);
  if (!id || !context.database.sessions().end(context.session->user, *id)) throw session_not_found();
  return *id == context.session->session_id ? cleared(private_nothing()) : private_nothing();
}

http::Response end_all_sessions(const http::Request&, web::Context& context) {
  context.database.sessions().end_all(context.session->user);
  return cleared(private_nothing());
}

}  // namespace handlers
