// POST with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): done once, answered as often as it is
// asked. What the handler does and the answer to it are one transaction, so that no death of a process and no lost
// reply can part them.
#pragma once

#include <functional>
#include <string>

#include "app/http/problem.hpp"
#include "app/http/request.hpp"
#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace web {

class Idempotency {
 public:
  // The 4xx that a problem is to be answered with; what it cannot say it throws again.
  using Render = std::function<http::Response(const http::Problem& problem)>;

  explicit Idempotency(Render render) : render_(std::move(render)) {}

  // `handle` answers the request, and must bear being run again if its transaction loses a race. Throws Problem: 400
  // (the header is no key), 409 (the first request is still at work), 422 (the key has been used for something else).
  http::Response answer(const http::Request& request, Context& context,
                        const std::function<http::Response()>& handle) const;

 private:
  http::Response perform(const std::function<http::Response()>& handle, db::Database& database) const;

  Render render_;
};

}  // namespace web
