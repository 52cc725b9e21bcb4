// For load balancers: no key, no counting.
#pragma once

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response healthz(const http::Request& request, web::Context& context);  // this worker answers
http::Response readyz(const http::Request& request, web::Context& context);  // and so does its database, fully migrated

}  // namespace handlers
