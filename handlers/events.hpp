// What happened to the account's links and keys.
#pragma once

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response list_events(const http::Request& request, web::Context& context);

}  // namespace handlers
