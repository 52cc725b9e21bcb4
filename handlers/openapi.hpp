// GET /api/v1/openapi.json: handlers/openapi.json, compiled in, with this installation's address.
#pragma once

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

http::Response openapi_document(const http::Request& request, web::Context& context);

}  // namespace handlers
