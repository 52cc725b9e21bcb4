// quietleaks status
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <utility>

#include <unistd.h>

#include "app/base/clock.hpp"
#include "app/cli/clicks_status.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/server_view.hpp"

namespace cli {
namespace {

constexpr const char* kHelp = R"(Examples:
  quietleaks status             every worker, and the totals
  quietleaks status --watch     the same, each second, with requests per second; Ctrl-C ends it
  quietleaks status --json | jq .totals.server_errors
  quietleaks status --json | jq -r '.clicks.warnings[].code'

Pool "go" redirects, "api", "bulk" and "passwords" answer the API, "clicks" counts. Limiter full above 0: more keys
are active than rate_limit.slots; raise it.

In JSON, .workers and .totals have redirects, map_misses, clicks_journalled,
clicks_held (now), clicks_lost and journal_errors, too. .clicks is what the clicks
process says: pid, lag_ms (age of the oldest click not in the database),
unflushed_clicks, positions_unknown (the two before are at most that, until the
database answers), journal_bytes, journal_segments, flushed_clicks,
repeated_clicks, damaged_records, flush_failures, flushed_at, database_at (it last
answered), map_links, map_synced_at, map_age_s, map_rebuilding (links read so far);
and warnings, each with code, message and hint. Codes: clicks_held, clicks_lost,
no_clicks_process, counting_stands_still, clicks_late, journal_damaged, map_old.

Exit code 4: no server is running.)";

Object describe(const WorkerView& worker) {
  Object row{{"pool", worker.pool},    {"index", worker.index},   {"pid", worker.pid},
             {"state", worker.state},  {"busy_s", worker.busy_s}, {"uptime_s", worker.uptime_s},
             {"starts", worker.starts}};
  for (const WorkerCounter& counter : kWorkerCounters) row.emplace_back(counter.name, worker.*counter.value);
  return row;
}

Object describe_totals(const ServerView& server) {
  const WorkerView sum = totals(server);
  Object members;
  for (const WorkerCounter& counter : kWorkerCounters) members.emplace_back(counter.name, sum.*counter.value);
  return members;
}

void print_as_json(const Console& console, const ServerView& server) {
  Array workers;
  for (const WorkerView& worker : server.workers) workers.emplace_back(describe(worker));
  console.print_json(Object{{"master", Object{{"pid", server.master_pid},
                                              {"started_at", time_value(server.started_at)},
                                              {"uptime_s", base::unix_seconds() - server.started_at}}},
                            {"workers", std::move(workers)},
                            {"totals", describe_totals(server)},
                            {"clicks", describe_clicks(server, base::unix_seconds())}});
}

// Redirects need no key.
double key_cache_hits(const ServerView& server) {
  std::int64_t requests = 0, misses = 0;
  for (const auto* workers : {&server.workers, &server.former})
    for (const WorkerView& worker : *workers)
      if (worker.pool != "go") requests += worker.requests, misses += worker.key_cache_misses;
  return requests == 0 ? 100.0
                       : 100.0 * static_cast<double>(std::max<std::int64_t>(0, requests - misses)) /
                             static_cast<double>(requests);
}

std::string totals_line(const ServerView& server) {
  const WorkerView sum = totals(server);
  char text[256];
  std::snprintf(text, sizeof text,
                "%lld requests: %lld 4xx (%lld of them 429), %lld 5xx. Key cache %.1f%% hits. Limiter full %lld. "
                "Database errors %lld.",
                static_cast<long long>(sum.requests), static_cast<long long>(sum.client_errors),
                static_cast<long long>(sum.rate_limited), static_cast<long long>(sum.server_errors),
                key_cache_hits(server), static_cast<long long>(sum.limiter_full),
                static_cast<long long>(sum.database_errors));
  return text;
}

// Requests per second of each worker since the last look at it.
class Rates {
 public:
  Value of(const WorkerView& worker) {
    const double now = stopwatch_.seconds();
    auto& [requests, at] = last_[worker.pid];
    Value rate = at > 0 ? Value(static_cast<double>(worker.requests - requests) / (now - at)) : Value();
    requests = worker.requests;
    at = now;
    return rate;
  }

 private:
  std::map<std::int64_t, std::pair<std::int64_t, double>> last_;  // by process: a new one counts on from elsewhere
  Stopwatch stopwatch_;
};

std::string draw(const Console& console, const ServerView& server, Rates* rates) {
  Array rows;
  for (const WorkerView& worker : server.workers) {
    Object row = describe(worker);
    if (worker.state == "idle")
      row.emplace_back("busy", nullptr);
    else
      row.emplace_back("busy", worker.busy_s);
    row.emplace_back("mib", static_cast<double>(worker.resident_kib) / 1024);
    if (rates != nullptr) row.emplace_back("rate", rates->of(worker));
    rows.emplace_back(std::move(row));
  }
  std::vector<Column> columns{{"POOL", "pool"},
                              {"#", "index", Align::right},
                              {"PID", "pid", Align::right},
                              {"STATE", "state"},
                              {"BUSY S", "busy", Align::right, ""},
                              {"REQUESTS", "requests", Align::right},
                              {"4XX", "client_errors", Align::right},
                              {"5XX", "server_errors", Align::right},
                              {"CONNECTIONS", "connections", Align::right},
                              {"MIB", "mib", Align::right},
                              {"STARTS", "starts", Align::right}};
  if (rates != nullptr) columns.insert(columns.begin() + 6, {"PER S", "rate", Align::right, ""});
  return "quietleaks-web: master " + std::to_string(server.master_pid) + ", up " +
         duration(base::unix_seconds() - server.started_at) + ", " +
         counted(static_cast<std::int64_t>(server.workers.size()), "worker") + "\n\n" + console.table(columns, rows) +
         "\n\n" + totals_line(server) + "\n" + clicks_lines(console, server, base::unix_seconds());
}

void watch(const Console& console, const std::string& run_dir) {
  constexpr const char* kClear = "\x1b[H\x1b[2J";
  for (Rates rates;; sleep(1))
    console.print((console.terminal() ? kClear : "") + draw(console, view_server(run_dir), &rates));
}

void show(Context& context, bool watching) {
  const Console console = context.console();
  const std::string& run_dir = context.config().server.run_dir;
  if (watching && console.json())
    throw Failure(Exit::usage, "usage", "--watch is for people, --json for scripts",
                  "Leave one of them out; a script can call `quietleaks status --json` each second.");
  if (watching) return watch(console, run_dir);
  const ServerView server = view_server(run_dir);
  if (console.json()) return print_as_json(console, server);
  console.print(draw(console, server, nullptr));
}

}  // namespace

void add_status_command(CLI::App& program, Context& context) {
  CLI::App* command = program.add_subcommand("status", "Show what the running server's workers do");
  command->footer(kHelp);
  auto watching = std::make_shared<bool>(false);
  command->add_flag("--watch", *watching, "Show it anew each second");
  command->callback([watching, &context] { show(context, *watching); });
}

}  // namespace cli
