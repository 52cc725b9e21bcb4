// Whether anything is checked at all, for the dashboard: without it "no leaks" could mean that nobody looked.
#pragma once

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

// {"at_work": how many monitors, "reaches_nobody_since": UTC or null}: since when none of those at work reaches
// anybody.
http::Response monitors_state(const http::Request& request, web::Context& context);

}  // namespace handlers
