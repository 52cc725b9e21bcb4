// What the pipeline itself says no with, before any handler is asked.
#pragma once

#include <cstdint>
#include <string>

#include "app/http/problem.hpp"

namespace web {

http::Problem not_found();
http::Problem method_not_allowed(const std::string& allow);
http::Problem rate_limited(int quota);
http::Problem plan_without_api();
http::Problem scope_too_small();
http::Problem body_too_large(std::uint64_t most);
http::Problem session_required();
http::Problem no_key_for_a_secret();
http::Problem no_key_for_a_stream();

}  // namespace web
