#include "handlers/health.hpp"

namespace handlers {
namespace {

http::Response status(const char* word) {
  http::Response response;
  response.set("Content-Type", "application/json");
  response.set("Cache-Control", "no-store");
  response.body = std::string("{\"status\":\"") + word + "\"}";
  return response;
}

}  // namespace

http::Response healthz(const http::Request&, web::Context&) {
  return status("ok");
}

http::Response readyz(const http::Request&, web::Context& context) {
  context.database.check_ready();
  return status("ready");
}

}  // namespace handlers
