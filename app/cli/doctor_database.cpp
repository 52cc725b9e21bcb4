// doctor: the database, its version, schema and rights, whether revocations are heard, and links are checked.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "app/base/clock.hpp"
#include "app/cli/database_failure.hpp"
#include "app/cli/findings.hpp"
#include "db/migrate.hpp"
#include "db/server_state.hpp"

namespace cli {
namespace {

constexpr int kOldestVersion = 13;
constexpr int kSpareConnections = 5;   // the operator's programs, backups
constexpr int kClicksConnections = 2;  // of the clicks process: for the clicks, for the link map

void examine_version(const db::ServerState& server, Findings& findings) {
  findings.expect(server.version_number / 10000 >= kOldestVersion, "PostgreSQL", "version " + server.version,
                  "QuietLeaks needs version 13 or newer.");
  findings.expect(!server.standby, "primary", server.standby ? "the server is a standby: read-only" : "it takes writes",
                  "Let database.url lead to the primary (target_session_attrs=read-write with several hosts).");
}

void examine_rights(const db::ServerState& server, Findings& findings) {
  if (server.user_may_create)
    findings.warn(
        "rights", "role " + server.user + " may change the schema",
        "Workers should not: let database.url name quietleaks_web. (If QL_DATABASE_URL is set in this shell, that is "
        "what was looked at: fine for `quietleaks migrate` and `account`, unset it for this check.)");
  else
    findings.expect(server.user_may_read, "rights",
                    "role " + server.user + " may not change the schema" +
                        (server.user_may_read ? "" : ", nor read what the API needs"),
                    "Run `quietleaks migrate` as the database's owner: it gives quietleaks_web its rights.");
  findings.expect(server.web_role && !server.web_role_may_create, "web role",
                  !server.web_role             ? "there is no role quietleaks_web"
                  : server.web_role_may_create ? "quietleaks_web may create tables"
                                               : "quietleaks_web may create nothing",
                  server.web_role
                      ? "revoke create on schema public from public, quietleaks_web;"
                      : "Run `quietleaks migrate` with a role that may create roles, or create it by hand.");
}

void examine_connections(const base::Config& config, const db::ServerState& server, Findings& findings) {
  int workers = kClicksConnections;
  for (const auto& pool : config.pools.all()) workers += pool.settings->workers;
  const std::string detail =
      std::to_string(server.max_connections) + " allowed, " + std::to_string(workers) + " in use";
  const std::string hint =
      "Each worker holds one, the clicks process two, and a reload runs two sets for a moment: raise max_connections.";
  if (server.max_connections < workers + kSpareConnections)
    findings.fail("connections", detail, hint);
  else if (server.max_connections < 2 * workers + kSpareConnections)
    findings.warn("connections", detail, hint);
  else
    findings.good("connections", detail);
}

void examine_clock_skew(const db::ServerState& server, Findings& findings) {
  constexpr db::UnixSeconds kTolerated = 5;
  const db::UnixSeconds skew = std::abs(server.clock - base::unix_seconds());
  // A second is what the question itself may take.
  const std::string detail = skew <= 1 ? "as this machine's" : std::to_string(skew) + " s away from this machine's";
  findings.expect(skew <= kTolerated, "database clock", detail, "Run an NTP service on both machines.");
}

bool examine_migrations(const std::string& url, Findings& findings) {
  const db::MigrationState state = db::migration_state(url);
  const std::string detail =
      "version " + std::to_string(state.applied) + ", this program knows " + std::to_string(state.known);
  findings.expect(state.applied == state.known, "migrations", detail,
                  state.applied < state.known ? "Run `quietleaks migrate`." : "Update QuietLeaks on this machine.");
  return state.applied >= state.known;
}

void examine_plans(const base::Config& config, db::Database& database, Findings& findings) {
  const int most = config.rate_limit.max_requests_per_minute;
  std::string over;
  for (const db::Plan& plan : database.accounts().plans())
    if (plan.requests_per_minute > most)
      over += (over.empty() ? "" : ", ") + plan.name + " (" + std::to_string(plan.requests_per_minute) + ")";
  findings.expect(over.empty(), "plans",
                  over.empty() ? "all within " + std::to_string(most) + " requests a minute"
                               : "over rate_limit.max_requests_per_minute = " + std::to_string(most) + ": " + over,
                  "Raise the setting and restart the server, or lower the plans' requests_per_minute.");
}

void examine_sign_up(const base::Config& config, db::Database& database, Findings& findings) {
  if (!config.accounts.self_sign_up) return;
  const auto plans = database.accounts().plans();
  const std::string& wanted = config.accounts.sign_up_plan;
  const bool there = std::any_of(plans.begin(), plans.end(), [&](const auto& plan) { return plan.name == wanted; });
  findings.expect(
      there, "sign-up", "on the plan \"" + wanted + '"' + (there ? "" : ", which there is not"),
      "Nobody can sign up: let accounts.sign_up_plan name one of the table \"plans\", and reload the server.");
}

// As the clicks process connects.
void examine_counting_rights(const base::Config& config, Findings& findings) {
  const bool own_url = !config.clicks.database_url.empty();
  try {
    const db::CountingRights rights =
        db::counting_rights({.url = own_url ? config.clicks.database_url : config.database.url,
                             .application_name = "quietleaks doctor",
                             .connect_timeout_s = config.database.connect_timeout_s});
    if (!rights.missing.empty())
      findings.fail("clicks rights", "role " + rights.user + " cannot count clicks: it lacks " + rights.missing,
                    "Let clicks.database_url name quietleaks_clicks, and run `quietleaks migrate` as the database's "
                    "owner: it gives that role its rights.");
    else if (rights.may_create)
      findings.warn("clicks rights", "role " + rights.user + " may count clicks, and may change the schema, too",
                    "Let clicks.database_url name quietleaks_clicks, which may not.");
    else
      findings.good("clicks rights", "role " + rights.user + " may count clicks and not change the schema");
  } catch (const db::Error& error) {
    const Failure failure = database_failure(error);
    findings.fail("clicks rights", failure.what(),
                  own_url ? "This is what clicks.database_url leads to. " + failure.hint() : failure.hint());
  }
}

std::string at_work(const std::vector<db::MonitorAtWork>& monitors) {
  if (monitors.empty()) return "none at work";
  std::int64_t checks = 0;
  for (const auto& monitor : monitors) checks += monitor.checks_per_minute;
  return counted(static_cast<std::int64_t>(monitors.size()), "monitor") + " at work, " + counted(checks, "check") +
         " a minute";
}

// As a monitor connects; whether one is at work, and links are checked in time.
void examine_monitor(const base::Config& config, Findings& findings) {
  constexpr int kMost = 10'000;
  constexpr std::int64_t kLate = 900;  // seconds
  const bool own_url = !config.monitor.database_url.empty();
  try {
    db::Database database({.url = own_url ? config.monitor.database_url : config.database.url,
                           .application_name = "quietleaks doctor",
                           .connect_timeout_s = config.database.connect_timeout_s});
    const auto monitors = database.monitors().at_work();
    const auto backlog = database.checks().backlog(kMost);
    const std::string detail = at_work(monitors) + "; " + counted(backlog.links, "link") + " due" +
                               (backlog.links > 0 ? ", the first since " + duration(backlog.oldest_s) : "");
    for (const auto& monitor : monitors)
      if (monitor.reaches_nobody_s)
        return findings.fail(
            "monitor",
            "the one on " + monitor.host + " has reached nobody for " + duration(*monitor.reaches_nobody_s) +
                ", so links keep their status; " + detail,
            "Look at that machine's network and name servers; `quietleaks check URL` there says more.");
    if (monitors.empty())
      findings.warn("monitor", detail, "Start quietleaks-monitor: `systemctl enable --now quietleaks-monitor`.");
    else if (backlog.oldest_s >= kLate)
      findings.warn("monitor", detail,
                    "Start one more, or let it do more at once: monitor.checks_at_once, and monitor.host_gap_ms where "
                    "many links lead to one host.");
    else
      findings.good("monitor", detail);
  } catch (const db::Error& error) {
    const Failure failure = database_failure(error);
    findings.fail("monitor", failure.what(),
                  own_url ? "This is what monitor.database_url leads to. " + failure.hint() : failure.hint());
  }
}

// The workers' own way to hear of revocations, tried out.
void examine_notifications(db::Database& database, Findings& findings) {
  using namespace std::chrono_literals;
  const auto deadline = std::chrono::steady_clock::now() + 2s;
  database.key_generation();
  while (!database.hears_revocations() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(20ms);
    database.key_generation();
  }
  if (database.hears_revocations()) return findings.good("notifications", "LISTEN and NOTIFY arrive");
  findings.warn("notifications", "LISTEN and NOTIFY do not arrive",
                "Is a pooler in transaction mode in between? Then workers cache no keys, and each request costs more: "
                "let database.url lead to PostgreSQL itself, or pool by session.");
}

}  // namespace

void examine_database(Context& context, Findings& findings) {
  const base::Config& config = context.config();
  try {
    const db::ServerState server = db::server_state({.url = config.database.url,
                                                     .application_name = "quietleaks doctor",
                                                     .connect_timeout_s = config.database.connect_timeout_s});
    findings.good("database", "reached as " + server.user);
    examine_version(server, findings);
    examine_clock_skew(server, findings);
    examine_connections(config, server, findings);
    if (!examine_migrations(config.database.url, findings)) return;
    examine_rights(server, findings);
    examine_counting_rights(config, findings);
    examine_monitor(config, findings);
    examine_plans(config, context.database(), findings);
    examine_sign_up(config, context.database(), findings);
    examine_notifications(context.database(), findings);
  } catch (const db::Error& error) {
    const Failure failure = database_failure(error);
    findings.fail("database", failure.what(), failure.hint());
  }
}

}  // namespace cli
