#include "handlers/routes.hpp"

#include "handlers/account.hpp"
#include "handlers/checks.hpp"
#include "handlers/clicks.hpp"
#include "handlers/events.hpp"
#include "handlers/go_lookup.hpp"
#include "handlers/health.hpp"
#include "handlers/keys.hpp"
#include "handlers/link_bulk.hpp"
#include "handlers/link_csv.hpp"
#include "handlers/link_edits.hpp"
#include "handlers/links.hpp"
#include "handlers/monitoring.hpp"
#include "handlers/monitors.hpp"
#include "handlers/openapi.hpp"
#include "handlers/passwords.hpp"
#include "handlers/sessions.hpp"
#include "handlers/sign_up.hpp"

namespace handlers {

std::vector<web::Route> routes() {
  using web::Access;
  return {
      {"PATCH", "/api/app/account", Access::session, update_account},
      {"GET", "/api/app/keys", Access::session, list_keys},
      {"POST", "/api/app/keys", Access::session, create_key},
      {"DELETE", "/api/app/keys/{id}", Access::session, revoke_key},
      {"POST", "/api/app/keys/{id}/regenerate", Access::session, regenerate_key},
      {"GET", "/api/app/monitors", Access::session, monitors_state},
      {"POST", "/api/app/password", Access::session, change_password},
      {"POST", "/api/app/password/reset", Access::visitor, reset_password},
      {"GET", "/api/app/paused", Access::session, list_paused},
      {"GET", "/api/app/session", Access::session, get_session},
      {"POST", "/api/app/session", Access::visitor, sign_in},
      {"DELETE", "/api/app/session", Access::visitor, sign_out},
      {"GET", "/api/app/sessions", Access::session, list_sessions},
      {"DELETE", "/api/app/sessions", Access::session, end_all_sessions},
      {"DELETE", "/api/app/sessions/{id}", Access::session, end_session},
      {"GET", "/api/app/signup", Access::visitor, sign_up_state},
      {"POST", "/api/app/signup", Access::visitor, sign_up},
      {"GET", "/api/app/words", Access::session, list_words},
      {"GET", "/api/v1/events", Access::key, list_events},
      {"GET", "/api/v1/links", Access::key, list_links},
      {"POST", "/api/v1/links", Access::write, create_link},
      {"POST", "/api/v1/links/bulk", Access::write, bulk_links, {.max_bytes = 1'048'576}},
      {"GET", "/api/v1/links/export", Access::key, export_links},
      {"POST", "/api/v1/links/import", Access::write, import_links, {.max_bytes = kLargestImport, .streamed = true}},
      {"GET", "/api/v1/links/{id}", Access::key, get_link},
      {"PATCH", "/api/v1/links/{id}", Access::write, update_link},
      {"DELETE", "/api/v1/links/{id}", Access::write, delete_link},
      {"POST", "/api/v1/links/{id}/baseline", Access::write, accept_baseline},
      {"DELETE", "/api/v1/links/{id}/baseline", Access::write, forget_baseline},
      {"POST", "/api/v1/links/{id}/check", Access::write, request_check},
      {"GET", "/api/v1/links/{id}/checks", Access::key, list_checks},
      {"GET", "/api/v1/links/{id}/clicks", Access::key, link_clicks},
      {"GET", "/api/v1/links/{id}/monitoring", Access::key, get_monitoring},
      {"PATCH", "/api/v1/links/{id}/monitoring", Access::write, update_monitoring},
      {"GET", "/api/v1/openapi.json", Access::open, openapi_document},
      {"GET", "/go/{slug}", Access::open, go_lookup},
      {"GET", "/healthz", Access::open, healthz},
      {"GET", "/readyz", Access::open, readyz},
  };
}

}  // namespace handlers
