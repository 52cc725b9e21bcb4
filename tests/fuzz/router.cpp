// Routes: a path means exactly what it says. The first line is the method, the rest the path.
#include "app/web/router.hpp"

#include "tests/fuzz/fuzz.hpp"

namespace {

http::Response nothing(const http::Request&, web::Context&) {
  return {};
}

const web::Router& router() {
  static const web::Router instance({{"GET", "/api/v1/links", web::Access::key, nothing},
                                     {"GET", "/api/v1/links/{id}", web::Access::key, nothing},
                                     {"GET", "/api/v1/links/export", web::Access::key, nothing},
                                     {"POST", "/api/v1/links/{id}/check", web::Access::key, nothing},
                                     {"GET", "/healthz", web::Access::open, nothing}});
  return instance;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view path = fuzz::text(data, size);
  const std::string_view method = fuzz::next_part(path, '\n');
  const web::Match match = router().match(method, path);
  if (!match.route) return 0;
  fuzz::require(match.allow.find(method) != std::string::npos || match.allow.empty(), "an allowed method");
  std::string pattern = match.route->pattern;
  if (const auto brace = pattern.find('{'); brace != std::string::npos) {
    fuzz::require(!match.path_parameter.empty(), "a parameter is not empty");
    fuzz::require(match.path_parameter.find('/') == std::string::npos, "a parameter is one segment");
    pattern.replace(brace, pattern.find('}') - brace + 1, match.path_parameter);
  }
  fuzz::require(match.route->pattern.ends_with("/export") == path.ends_with("/links/export"), "plain segments first");
  fuzz::require(pattern == path, "the path is the route's, byte for byte");
  return 0;
}
