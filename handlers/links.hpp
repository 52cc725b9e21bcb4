// The links of the key's account.
#pragma once

#include "app/http/problem.hpp"
#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

// 404, the same for a link that does not exist and for one of another account.
http::Problem link_not_found();

// Of the path; throws that where it is none.
db::Uuid require_link_id(const web::Context& context);

http::Response list_links(const http::Request& request, web::Context& context);
http::Response get_link(const http::Request& request, web::Context& context);

// Programs and tags that there are, for filters to propose.
http::Response list_words(const http::Request& request, web::Context& context);

}  // namespace handlers
