#include "handlers/routes.hpp"

#include "handlers/clicks.hpp"
#include "handlers/go_lookup.hpp"
#include "handlers/health.hpp"
#include "handlers/links.hpp"
#include "handlers/openapi.hpp"

namespace handlers {

std::vector<web::Route> routes() {
  using web::Access;
  return {
      {"GET", "/api/v1/links", Access::key, list_links},
      {"GET", "/api/v1/links/{id}", Access::key, get_link},
      {"GET", "/api/v1/links/{id}/clicks", Access::key, link_clicks},
      {"GET", "/api/v1/openapi.json", Access::open, openapi_document},
      {"GET", "/go/{slug}", Access::open, go_lookup},
      {"GET", "/healthz", Access::open, healthz},
      {"GET", "/readyz", Access::open, readyz},
  };
}

}  // namespace handlers
