// What all handlers ask of a body, and how they say everything that is wrong with it in one answer.
#pragma once

#include <string>
#include <vector>

#include "app/http/json_value.hpp"
#include "app/http/problem.hpp"
#include "app/http/request.hpp"

namespace handlers {

// Each with a JSON pointer into the body.
using Faults = std::vector<http::FieldError>;
inline constexpr std::size_t kMostFaults = 100;  // in one answer

// Those beyond the most are left out.
void add_fault(Faults& faults, std::string pointer, std::string detail);

// 422 with all of them.
http::Problem invalid_body(const char* code, const Faults& faults);

// The body as JSON. Throws Problem 415 (it is said to be something else; a merge patch is JSON, too) and 400.
http::JsonValue read_json(const http::Request& request);

void require_csv(const http::Request& request);  // Problem 415: the body is said to be something else

}  // namespace handlers
