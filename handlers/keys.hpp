// Settings, API keys: /api/app/keys. A key is told once, in the answer that made it.
#pragma once

#include "app/http/request.hpp"
#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response list_keys(const http::Request& request, web::Context& context);
http::Response create_key(const http::Request& request, web::Context& context);
http::Response revoke_key(const http::Request& request, web::Context& context);
http::Response regenerate_key(const http::Request& request, web::Context& context);

}  // namespace handlers
