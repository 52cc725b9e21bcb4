// Choosing a password: /api/app/password, and with a one-time link /api/app/password/reset.
#pragma once

#include "app/http/request.hpp"
#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response change_password(const http::Request& request, web::Context& context);
http::Response reset_password(const http::Request& request, web::Context& context);

}  // namespace handlers
