// The table of all routes.
#pragma once

#include <vector>

#include "app/web/router.hpp"

namespace handlers {

std::vector<web::Route> routes();

}  // namespace handlers
