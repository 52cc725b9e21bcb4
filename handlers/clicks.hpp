// The clicks of a link, day by day.
#pragma once

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response link_clicks(const http::Request& request, web::Context& context);

}  // namespace handlers
