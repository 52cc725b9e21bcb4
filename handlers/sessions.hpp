// Signing in and out of the dashboard: /api/app/session, /api/app/sessions.
#pragma once

#include "app/http/request.hpp"
#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response sign_in(const http::Request& request, web::Context& context);
http::Response get_session(const http::Request& request, web::Context& context);
http::Response sign_out(const http::Request& request, web::Context& context);  // also without a session
http::Response list_sessions(const http::Request& request, web::Context& context);
http::Response end_session(const http::Request& request, web::Context& context);
http::Response end_all_sessions(const http::Request& request, web::Context& context);

}  // namespace handlers
