// ETag and 304 for answers whose tag is known (a version) or is made from the body.
#pragma once

#include <string_view>

#include "app/http/request.hpp"
#include "app/http/response.hpp"

namespace handlers {

// The same headers with status 304 and nothing else.
http::Response not_modified(http::Response response);

// Sets a strong ETag from the body; 304 if the client has just this.
http::Response with_content_tag(const http::Request& request, http::Response response);

void set_tag(http::Response& response, std::string_view opaque);

}  // namespace handlers
