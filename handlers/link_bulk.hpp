// POST /api/v1/links/bulk: up to a hundred changes in one transaction, each with a result of its own.
#pragma once

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

inline constexpr std::size_t kMostItems = 100;

http::Response bulk_links(const http::Request& request, web::Context& context);

}  // namespace handlers
