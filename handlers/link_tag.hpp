// A link's ETag. Its first part stands for what a client can change, the second for everything that it is shown: so a
// reader sees every click, and an If-Match is not broken by them.
#pragma once

#include "app/http/request.hpp"
#include "app/http/response.hpp"
#include "db/model.hpp"

namespace handlers {

void set_link_tag(http::Response& response, const db::Link& link);  // the body must stand

// Sets it; 304 if the client has just this.
http::Response with_link_tag(const http::Request& request, http::Response response, const db::Link& link);

// Throws Problem 412 if the request has an If-Match that does not fit the link as it is.
void require_match(const http::Request& request, const db::Link& link);

}  // namespace handlers
