// The account of who is signed in: /api/app/account.
#pragma once

#include "app/http/json.hpp"
#include "app/http/request.hpp"
#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response update_account(const http::Request& request, web::Context& context);

// Throws Problem 401 (invalid_session) if it has just been removed.
db::Account account_of(web::Context& context, const db::Uuid& account_id);
void write_account(http::JsonWriter& json, const db::Account& account);

}  // namespace handlers
