// The links of the key's account.
#pragma once

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response list_links(const http::Request& request, web::Context& context);
http::Response get_link(const http::Request& request, web::Context& context);

}  // namespace handlers
