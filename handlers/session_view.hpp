// What all handlers of the dashboard's own resources answer alike. Nothing of it is kept by any cache.
#pragma once

#include <string>

#include "app/http/request.hpp"
#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response private_answer(int status, std::string json);
http::Response private_nothing();  // 204

void end_session_of_browser(const http::Request& request, web::Context& context);  // if it has one

// Makes a session of `user` in place of the browser's and keeps its cookie in the answer: the session as JSON, and 201.
http::Response begin_session(const http::Request& request, web::Context& context, const db::User& user);
// The same without a body, 204, where the old one is ended already.
http::Response replace_session(const http::Request& request, web::Context& context, const db::User& user);

http::Response session_answer(web::Context& context, const db::SessionIdentity& session);  // 200

// The failures of an email and an address to sign in. Throws Problem 429 (too_many_sign_ins).
db::SignInAttempt begin_sign_in(const http::Request& request, web::Context& context, const std::string& email);

}  // namespace handlers
