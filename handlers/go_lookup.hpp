// GET /go/{slug} in the bulk pool: what the go pool's link map does not know is asked of the database. A link that was
// just made redirects before the map has heard of it.
#pragma once

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response go_lookup(const http::Request& request, web::Context& context);

}  // namespace handlers
