#include "handlers/passwords.hpp"

#include "app/base/crypto.hpp"
#include "app/base/ids.hpp"
#include "app/base/log.hpp"
#include "app/base/password.hpp"
#include "app/base/token.hpp"
#include "handlers/members.hpp"
#include "handlers/password_work.hpp"
#include "handlers/session_view.hpp"

namespace handlers {
namespace {

http::Problem wrong_password() {
  return invalid_body(
      "wrong_password",
      {{.detail = "This is not your current password.", .parameter = {}, .pointer = "/current_password"}});
}

http::Problem invalid_reset_token() {
  return invalid_body("invalid_reset_token",
                      {{.detail = "This link was used before, or is more than 24 hours old. Ask for a new one.",
                        .parameter = {},
                        .pointer = "/token"}});
}

// Guesses at it count like guesses at the sign-in: a session that was left open is not an open door.
// The hash that it has.
std::string require_current_password(const http::Request& request, web::Context& context, const std::string& password) {
  const auto& email = context.session->user.email;
  const auto attempt = begin_sign_in(request, context, email);
  const auto found = context.database.users().find(email);
  const bool right = counted_check(context, attempt, found ? found->password_hash : std::nullopt, password);
  if (!right) throw wrong_password();
  return *found->password_hash;
}

void log_change(const char* event, const http::Request& request, const db::User& user) {
  base::log::info(
      event,
      {{"request_id", request.id}, {"remote_addr", request.remote_addr}, {"user_id", base::format_uuid(user.id)}});
}

}  // namespace

http::Response change_password(const http::Request& request, web::Context& context) {
  Members members(request);
  const Secret current(members.text("current_password")), chosen(members.text("new_password", base::password_fault));
  members.require_good();
  const auto old_hash = require_current_password(request, context, current.text);
  const auto hash = base::hash_password(chosen.text);
  const auto& user = context.session->user;
  http::Response response;
  context.database.together("change a password", [&] {
    if (!context.database.users().hold_password(user, old_hash)) throw wrong_password();
    context.database.users().set_password(user, hash);
    context.database.sessions().end_all(user);
    response = replace_session(request, context, user);
  });
  log_change("password_changed", request, user);
  return response;
}

// The token is looked at twice: before the dear work, and when it is used up.
http::Response reset_password(const http::Request& request, web::Context& context) {
  Members members(request);
  const Secret token(members.text("token")), chosen(members.text("new_password", base::password_fault));
  members.require_good();
  const auto digest = base::sha256(token.text);
  auto& users = context.database.users();
  const auto user = base::well_formed_token(token.text) ? users.find_reset(digest) : std::nullopt;
  if (!user) throw invalid_reset_token();
  const auto hash = base::hash_password(chosen.text);
  context.database.together("reset a password", [&] {
    if (!users.use_reset(digest)) throw invalid_reset_token();
    users.set_password(*user, hash);
    context.database.sessions().end_all(*user);
    context.database.sessions().forget_failures(user->email);
  });
  log_change("password_reset", request, *user);
  return private_nothing();
}

}  // namespace handlers
