// Which handler answers a path. Routes are matched on the raw path: "%2F" is never a slash here, and no dot or empty
// segment is resolved, so that a request can only mean what it says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/http/request.hpp"
#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace web {

using Handler = http::Response (*)(const http::Request&, Context&);

enum class Access {
  open,   // no key, no counting: health checks, the OpenAPI document
  key,    // a valid key, its limit, and a plan with API access
  write,  // the same, and a key that may change things
  // A browser's session will do for both of them: it may do what a key may that writes, whatever the plan.
  visitor,  // the dashboard's own, and no key's: for who may not be signed in yet; not counted
  session,  // the same, for who is
};

struct Route {
  std::string method;   // "GET" (serves HEAD as well); "POST" and Access::write: heeds Idempotency-Key
  std::string pattern;  // "/api/v1/links/{id}": one {name} at most, a whole segment
  Access access = Access::key;
  Handler handler = nullptr;
  http::BodyRule body{};  // a streamed one heeds no Idempotency-Key: there is nothing to compare
};

struct Match {
  const Route* route = nullptr;  // nullptr with allow empty: no such path; with allow set: method not allowed
  std::string allow;             // "GET, HEAD"
  std::string path_parameter;
};

// Where several patterns fit a path, the one counts that says more of it in plain letters: /links/bulk is never a link
// whose id is "bulk", whatever the method.
class Router {
 public:
  explicit Router(std::vector<Route> routes);
  Match match(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace web
