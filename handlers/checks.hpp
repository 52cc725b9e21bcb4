// The checks of a link, and asking for one.
#pragma once

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response list_checks(const http::Request& request, web::Context& context);
http::Response request_check(const http::Request& request, web::Context& context);

}  // namespace handlers
