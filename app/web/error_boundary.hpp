// The one mapping from exceptions to answers. What an exception says stays here and in the log; a client reads only
// texts that were written for it.
#pragma once

#include <exception>

#include "app/http/problem.hpp"

namespace web {

http::Problem to_problem(const std::exception_ptr& thrown);

}  // namespace web
