// Requests that another site made a browser send. The cookie's SameSite keeps them out already; this is the second
// lock.
#pragma once

#include <string_view>

#include "app/http/request.hpp"

namespace web {

// Sec-Fetch-Site, if there, must be same-origin (for what only reads also none: typed by hand); Origin, if there, that
// of `public_url`; and what may change something must have one of them. Throws Problem 403 (cross_site_request).
void require_same_origin(const http::Request& request, std::string_view public_url);

}  // namespace web
