// An account of one's own, where the operator allows it: /api/app/signup.
#pragma once

#include "app/http/request.hpp"
#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response sign_up_state(const http::Request& request, web::Context& context);
http::Response sign_up(const http::Request& request, web::Context& context);

}  // namespace handlers
