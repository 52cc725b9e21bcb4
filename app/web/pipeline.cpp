#include "app/web/pipeline.hpp"

#include <algorithm>
#include <exception>
#include <string>

#include "app/base/api_key.hpp"
#include "app/base/clock.hpp"
#include "app/base/host.hpp"
#include "app/base/log.hpp"
#include "app/http/problem.hpp"
#include "app/web/authenticator.hpp"
#include "app/web/cross_site.hpp"
#include "app/web/error_boundary.hpp"
#include "app/web/idempotency.hpp"
#include "app/web/key_usage.hpp"
#include "app/web/rate_headers.hpp"
#include "app/web/refusals.hpp"
#include "app/web/session_authenticator.hpp"
#include "app/web/session_cookie.hpp"

namespace web {
namespace {

db::Options database_options(const base::Config& config) {
  return {.url = config.database.url,
          .application_name = "quietleaks-web",
          .connect_timeout_s = config.database.connect_timeout_s,
          .statement_timeout_ms = config.database.statement_timeout_ms,
          .lock_timeout_ms = config.database.lock_timeout_ms};
}

// Half of the pool that serves them.
db::PlaceGroup places_for_long_requests(const base::Config& config) {
  return {"of " + base::host_name() + config.server.run_dir, std::max(config.pools.bulk.workers / 2, 1)};
}

void count(shm::WorkerSlot& slot, int status) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  slot.requests.fetch_add(1, kRelaxed);
  if (status == 429) slot.rate_limited.fetch_add(1, kRelaxed);
  if (status >= 500)
    slot.server_errors.fetch_add(1, kRelaxed);
  else if (status >= 400)
    slot.client_errors.fetch_add(1, kRelaxed);
}

// Floods are counted on the scoreboard and must not fill the log; what is our fault is always there.
base::log::Level severity(int status) {
  if (status >= 500) return base::log::Level::error;
  return status == 401 || status == 429 ? base::log::Level::debug : base::log::Level::info;
}

}  // namespace

struct Pipeline::Parts {
  Parts(const base::Config& settings, std::vector<Route> routes, Shared shared_memory)
      : config(settings),
        shared(shared_memory),
        router(std::move(routes)),
        long_requests(places_for_long_requests(settings)),
        database(database_options(settings)),
        authenticator(database, shared.keys, shared.rejected, shared.slot, config.keys),
        session_authenticator(database, config.sessions),
        usage(static_cast<std::size_t>(config.keys.cache_entries)) {}

  const base::Config config;
  Shared shared;
  Router router;
  const db::PlaceGroup long_requests;
  db::Database database;
  Authenticator authenticator;
  SessionAuthenticator session_authenticator;
  KeyUsage usage;

  http::Response answer(const http::Request& request, std::vector<http::Header>& extra);
  void require_https(const http::Request& request);
  void admit(const Route& route, const http::Request& request, Context& context, std::vector<http::Header>& extra);
  void admit_key(const http::Request& request, Context& context, std::vector<http::Header>& extra);
  void admit_session(const http::Request& request, std::string_view token, Context& context,
                     std::vector<http::Header>& extra);
  void charge(std::uint64_t fingerprint, int quota, std::vector<http::Header>& extra);
  http::Response perform(const Route& route, const http::Request& request, Context& context);
  http::BodySource watched(http::BodySource source, const http::Request& request);
  http::Response render(const http::Problem& problem, const http::Request& request) const;
  http::Response refuse(const http::Request& request, const std::exception_ptr& thrown);
  void log_refusal(const http::Request& request, const http::Problem& problem);
  void connect();

  bool outage_logged = false;
};

// A key sent over plain HTTP has crossed the network in the clear, whatever the path: it is flagged, and refused even
// if it is right.
void Pipeline::Parts::require_https(const http::Request& request) {
  if (request.https) return;
  const auto key = bearer_token(request.header("authorization"));
  if (base::well_formed_api_key(key)) {
    const bool revoked = config.keys.revoke_on_plain_http && database.keys().revoke(base::api_key_digest(key));
    base::log::warning("key_sent_in_the_clear", {{"request_id", request.id},
                                                 {"remote_addr", request.remote_addr},
                                                 {"key_last_four", base::last_four(key)},
                                                 {"revoked", revoked}});
  }
  throw http::Problem(403, "https_required",
                      "The API answers over HTTPS only. A key sent without it should be revoked.");
}

// From here on, every answer carries the rate headers.
void Pipeline::Parts::charge(std::uint64_t fingerprint, int quota, std::vector<http::Header>& extra) {
  const auto decision = shared.keys.charge(fingerprint, quota);
  if (decision.table_full) shared.slot.limiter_full.fetch_add(1, std::memory_order_relaxed);
  append_rate_headers(extra, decision, quota);
  if (!decision.allowed) throw rate_limited(quota);
}

// Key (401), rate (429), plan (403).
void Pipeline::Parts::admit_key(const http::Request& request, Context& context, std::vector<http::Header>& extra) {
  const auto key = authenticator.authenticate(request, context.now);
  context.identity = key.identity;
  usage.note(key.identity, context.now);
  charge(key.fingerprint, key.identity.plan.requests_per_minute, extra);
  if (!key.identity.plan.api_access) throw plan_without_api();
}

// Another site's request (403), session (401), rate (429). The plan says what keys may do, and no more.
void Pipeline::Parts::admit_session(const http::Request& request, std::string_view token, Context& context,
                                    std::vector<http::Header>& extra) {
  require_same_origin(request, config.public_url);
  auto signed_in = session_authenticator.authenticate(request, token, context.now);
  if (signed_in.renewed_cookie) extra.emplace_back("Set-Cookie", *std::move(signed_in.renewed_cookie));
  context.identity = in_place_of_a_key(signed_in.identity);
  context.session = std::move(signed_in.identity);
  charge(signed_in.fingerprint,
         std::min(config.sessions.requests_per_minute, config.rate_limit.max_requests_per_minute), extra);
}

void Pipeline::Parts::admit(const Route& route, const http::Request& request, Context& context,
                            std::vector<http::Header>& extra) {
  const bool of_dashboard = route.access == Access::visitor || route.access == Access::session;
  const bool has_key = !request.header("authorization").empty();
  if (of_dashboard && has_key) throw session_required();
  if (route.access == Access::visitor) return require_same_origin(request, config.public_url);
  const auto token = has_key ? std::nullopt : session_cookie(request.header("cookie"));
  token ? admit_session(request, *token, context, extra) : admit_key(request, context, extra);
}

http::Response Pipeline::Parts::answer(const http::Request& request, std::vector<http::Header>& extra) {
  require_https(request);
  auto match = router.match(request.method, request.path);
  if (!match.route) throw match.allow.empty() ? not_found() : method_not_allowed(match.allow);
  Context context{.database = database,
                  .visits = shared.visits,
                  .config = config,
                  .public_url = config.public_url,
                  .keys = shared.keys,
                  .long_requests = long_requests,
                  .now = base::unix_seconds(),
                  .identity = {},
                  .session = {},
                  .path_parameter = std::move(match.path_parameter)};
  if (match.route->access != Access::open) admit(*match.route, request, context, extra);
  if (request.body_bytes > match.route->body.max_bytes) throw body_too_large(match.route->body.max_bytes);
  return perform(*match.route, request, context);
}

// Behind all checks that are the same for every resource: what the key may do, and for whom it is done.
http::Response Pipeline::Parts::perform(const Route& route, const http::Request& request, Context& context) {
  if (route.access == Access::open || route.access == Access::key) return route.handler(request, context);
  const bool may_repeat = route.access == Access::write;
  if (may_repeat && context.identity.scope != db::Scope::write) throw scope_too_small();
  database.act_as({.type = may_repeat && !context.session ? "api_key" : "user",
                   .id = context.identity.key_id,
                   .name = context.identity.key_name,
                   .request_id = request.id});
  const auto handle = [&] { return route.handler(request, context); };
  if (request.header("idempotency-key").empty() || (may_repeat && route.method != "POST")) return handle();
  if (!may_repeat) throw no_key_for_a_secret();
  if (route.body.streamed) throw no_key_for_a_stream();
  const Idempotency once([&](const http::Problem& problem) { return render(problem, request); });
  return once.answer(request, context, handle);
}

// What goes wrong once an answer has begun can be told to nobody but the operator. `request` outlives the answer.
http::BodySource Pipeline::Parts::watched(http::BodySource source, const http::Request& request) {
  return [this, &request, source = std::move(source)](std::string& piece) {
    try {
      return source(piece);
    } catch (...) {
      refuse(request, std::current_exception());
      shared.slot.server_errors.fetch_add(1, std::memory_order_relaxed);
      throw;
    }
  };
}

http::Response Pipeline::Parts::render(const http::Problem& problem, const http::Request& request) const {
  auto response = http::render(problem, config.public_url, request.id);
  response.set("Cache-Control", "no-store");
  return response;
}

void Pipeline::Parts::log_refusal(const http::Request& request, const http::Problem& problem) {
  base::log::write(severity(problem.status()), problem.status() >= 500 ? "request_failed" : "request_refused",
                   {{"request_id", request.id},
                    {"remote_addr", request.remote_addr},
                    {"method", request.method},
                    {"path", request.path},
                    {"status", std::int64_t{problem.status()}},
                    {"code", problem.code()},
                    {"detail", problem.log_detail().empty() ? problem.detail() : problem.log_detail()}});
}

http::Response Pipeline::Parts::refuse(const http::Request& request, const std::exception_ptr& thrown) {
  const auto problem = to_problem(thrown);
  if (problem.code().starts_with("database_")) shared.slot.database_errors.fetch_add(1, std::memory_order_relaxed);
  log_refusal(request, problem);
  return render(problem, request);
}

// Before the first request and after an outage, so that no client waits for it; the log has an outage's start and end.
void Pipeline::Parts::connect() {
  try {
    database.check_ready();
    if (outage_logged) base::log::info("database_back");
    outage_logged = false;
  } catch (...) {
    if (!outage_logged)
      base::log::error("database_unavailable", {{"detail", to_problem(std::current_exception()).log_detail()}});
    outage_logged = true;
  }
}

Pipeline::Pipeline(const base::Config& config, std::vector<Route> routes, Shared shared)
    : parts_(std::make_unique<Parts>(config, std::move(routes), shared)) {}

Pipeline::~Pipeline() = default;

http::Response Pipeline::handle(const http::Request& request) noexcept {
  try {
    std::vector<http::Header> extra;
    http::Response response;
    try {
      response = parts_->answer(request, extra);
    } catch (...) {
      response = parts_->refuse(request, std::current_exception());
    }
    if (response.source) response.source = parts_->watched(std::move(response.source), request);
    for (auto& [name, value] : extra)
      if (!response.find(name)) response.headers.emplace_back(std::move(name), std::move(value));
    count(parts_->shared.slot, response.status);
    return response;
  } catch (...) {  // out of memory while refusing
    return {500, {}, {}};
  }
}

http::BodyRule Pipeline::body_rule(const http::Request& request) const noexcept {
  try {
    const auto match = parts_->router.match(request.method, request.path);
    return match.route ? match.route->body : http::BodyRule();
  } catch (...) {  // out of memory
    return {};
  }
}

int Pipeline::wakeup_fd() const {
  return parts_->database.socket();
}

void Pipeline::wake() {
  try {
    parts_->database.key_generation();
  } catch (...) {
    base::log::warning("database_connection_lost");
  }
}

void Pipeline::tick(bool idle) {
  parts_->shared.visits.tick();
  try {
    parts_->usage.flush(parts_->database, idle, base::unix_seconds());
  } catch (...) {
    base::log::warning("last_used_not_written", {{"detail", to_problem(std::current_exception()).log_detail()}});
  }
  if (idle && parts_->database.socket() < 0) parts_->connect();
}

}  // namespace web
