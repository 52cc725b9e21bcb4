#include "handlers/go_lookup.hpp"

#include <optional>

#include "app/web/visits.hpp"
#include "db/error.hpp"
#include "handlers/redirect.hpp"

namespace handlers {
namespace {

// Without the database, a map that once held all links is the best there is to know, and it does not have this one.
std::optional<db::SlugTarget> find(std::string_view slug, web::Context& context) {
  try {
    return context.database.links().target(slug);
  } catch (const db::Error& error) {
    if (error.kind() != db::ErrorKind::unavailable || !context.visits.map_complete()) throw;
    return std::nullopt;
  }
}

}  // namespace

http::Response go_lookup(const http::Request& request, web::Context& context) {
  const auto slug = slug_in(request.path);
  const auto target = slug ? find(*slug, context) : std::nullopt;
  if (!target) return no_redirect(404);
  http::Response response = redirect_to(target->url, request.query);
  if (counts(request)) {
    context.visits.record(request, target->account_id, target->link_id);
    context.visits.settle();
  }
  context.visits.count_redirect();
  return response;
}

}  // namespace handlers
