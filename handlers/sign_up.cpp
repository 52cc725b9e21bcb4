#include "handlers/sign_up.hpp"

#include <stdexcept>

#include "app/base/ids.hpp"
#include "app/base/log.hpp"
#include "app/base/name.hpp"
#include "app/base/password.hpp"
#include "app/http/json.hpp"
#include "db/error.hpp"
#include "handlers/members.hpp"
#include "handlers/password_work.hpp"
#include "handlers/session_view.hpp"

namespace handlers {
namespace {

http::Problem sign_up_closed() {
  return {403, "sign_up_closed", "Accounts are made by the operator of this installation. Ask there for one."};
}

http::Problem taken(http::Problem problem, const char* pointer) {
  problem.with({.detail = problem.detail(), .parameter = {}, .pointer = pointer});
  return problem;
}

http::Problem email_taken() {
  return taken({409, "email_taken", "Somebody signs in with this email already."}, "/email");
}

http::Problem account_name_taken() {
  return taken({409, "account_name_taken", "There is an account of this name already."}, "/account_name");
}

// What the database has against it, in words for people.
[[noreturn]] void refuse(const db::Error& error) {
  if (error.constraint() == "users_email_key") throw email_taken();
  if (error.constraint() == "accounts_name_key") throw account_name_taken();
  if (error.constraint() == "accounts_plan_fkey") throw std::runtime_error("accounts.sign_up_plan: no such plan");
  throw;
}

db::User add_account_and_user(web::Context& context, const std::string& account_name, const std::string& email,
                              const std::string& hash) {
  db::User user;
  try {
    context.database.together("sign up", [&] {
      const auto account = context.database.accounts().sign_up(account_name, context.config.accounts.sign_up_plan);
      user = context.database.users().add(account, email, hash);
    });
  } catch (const db::Error& error) {
    refuse(error);
  }
  return user;
}

}  // namespace

http::Response sign_up_state(const http::Request&, web::Context& context) {
  http::JsonWriter json;
  json.begin_object().key("open").boolean(context.config.accounts.self_sign_up).end_object();
  return private_answer(200, json.take());
}

// It counts as a failure to sign in, whatever becomes of it: that bounds how many accounts an address makes, and how
// many emails it tries.
http::Response sign_up(const http::Request& request, web::Context& context) {
  if (!context.config.accounts.self_sign_up) throw sign_up_closed();
  Members members(request);
  const auto email = members.text("email", base::email_fault);
  const auto account_name = members.text("account_name", base::account_name_fault);
  const Secret password(members.text("password", base::password_fault));
  members.require_good();
  begin_sign_in(request, context, email);
  const auto hash = base::hash_password(password.text);
  const auto user = add_account_and_user(context, account_name, email, hash);
  base::log::info(
      "signed_up",
      {{"request_id", request.id}, {"remote_addr", request.remote_addr}, {"user_id", base::format_uuid(user.id)}});
  return begin_session(request, context, user);
}

}  // namespace handlers
