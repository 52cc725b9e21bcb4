// What a client is told of its limit: RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers, structured
// fields) and the X-RateLimit-* trio that older tools read.
#pragma once

#include <vector>

#include "app/http/request.hpp"
#include "app/shm/rate_limiter.hpp"

namespace web {

// Retry-After is added only to a refusal; who waits that many seconds passes.
void append_rate_headers(std::vector<http::Header>& headers, const shm::Decision& decision, int quota);

}  // namespace web
