// How a link is checked: whether at all, and what people expect of it.
#pragma once

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response get_monitoring(const http::Request& request, web::Context& context);
http::Response list_paused(const http::Request& request, web::Context& context);  // ?ids=, the dashboard's own
http::Response update_monitoring(const http::Request& request, web::Context& context);
http::Response accept_baseline(const http::Request& request, web::Context& context);
http::Response forget_baseline(const http::Request& request, web::Context& context);

}  // namespace handlers
