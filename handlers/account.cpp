#include "handlers/account.hpp"

#include <utility>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/http/problem.hpp"
#include "app/links/rules.hpp"
#include "handlers/members.hpp"
#include "handlers/session_view.hpp"
#include "handlers/views.hpp"

namespace handlers {

db::Account account_of(web::Context& context, const db::Uuid& account_id) {
  auto account = context.database.accounts().find(base::format_uuid(account_id));
  if (!account) throw http::Problem(401, "invalid_session", "This account does not exist any more.");
  return *std::move(account);
}

void write_account(http::JsonWriter& json, const db::Account& account) {
  json.begin_object();
  json.key("id").string(base::format_uuid(account.id));
  json.key("name").string(account.name);
  write_optional(json, "fallback_url", account.fallback_url);
  json.key("links_limit");
  account.links_limit ? json.integer(*account.links_limit) : json.null();
  json.key("created_at").string(base::format_utc(account.created_at));
  json.end_object();
}

http::Response update_account(const http::Request& request, web::Context& context) {
  Members members(request);
  const auto url = members.text_or_null("fallback_url");
  if (url)
    if (const auto fault = links::url_fault(*url, context.public_url)) members.fault("fallback_url", *fault);
  members.require_good();
  context.database.accounts().set_fallback_url(context.identity.account_id, url);
  http::JsonWriter json;
  write_account(json, account_of(context, context.identity.account_id));
  return private_answer(200, json.take());
}

}  // namespace handlers
