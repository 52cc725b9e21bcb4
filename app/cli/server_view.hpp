// The running server as its scoreboard shows it, copied out at one moment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/model.hpp"

namespace cli {

struct WorkerView {
  std::string pool;
  std::int64_t index = 0;  // within its pool, from 1
  std::int64_t pid = 0;
  std::string state;  // starting, idle, busy, stopping
  double busy_s = 0;  // how long it has been at its request; 0: idle
  std::int64_t uptime_s = 0;
  std::int64_t connections = 0;
  std::int64_t resident_kib = 0;
  std::int64_t starts = 0;  // processes that this place has had; the counts below are theirs together
  std::int64_t requests = 0;
  std::int64_t client_errors = 0;  // 4xx
  std::int64_t server_errors = 0;  // 5xx
  std::int64_t rate_limited = 0;   // 429
  std::int64_t limiter_full = 0;   // let pass uncounted
  std::int64_t key_cache_misses = 0;
  std::int64_t database_errors = 0;
  std::int64_t redirects = 0;          // 302s
  std::int64_t map_misses = 0;         // slugs that the link map did not know
  std::int64_t clicks_journalled = 0;  // written
  std::int64_t clicks_held = 0;        // in memory now, because writing fails
  std::int64_t clicks_lost = 0;        // neither written nor held
  std::int64_t journal_errors = 0;     // failed appends and syncs
};

// The counters of a worker, once: their place in its view, and their name in JSON.
struct WorkerCounter {
  const char* name;
  std::int64_t WorkerView::*value;
};
inline constexpr WorkerCounter kWorkerCounters[] = {{"requests", &WorkerView::requests},
                                                    {"client_errors", &WorkerView::client_errors},
                                                    {"server_errors", &WorkerView::server_errors},
                                                    {"rate_limited", &WorkerView::rate_limited},
                                                    {"limiter_full", &WorkerView::limiter_full},
                                                    {"key_cache_misses", &WorkerView::key_cache_misses},
                                                    {"database_errors", &WorkerView::database_errors},
                                                    {"connections", &WorkerView::connections},
                                                    {"resident_kib", &WorkerView::resident_kib},
                                                    {"redirects", &WorkerView::redirects},
                                                    {"map_misses", &WorkerView::map_misses},
                                                    {"clicks_journalled", &WorkerView::clicks_journalled},
                                                    {"clicks_held", &WorkerView::clicks_held},
                                                    {"clicks_lost", &WorkerView::clicks_lost},
                                                    {"journal_errors", &WorkerView::journal_errors}};

// What the clicks process says of itself (app/shm/scoreboard.hpp). Times: 0: never.
struct ClicksView {
  std::int64_t pid = 0;  // 0: none at work
  std::int64_t lag_ms = 0;
  std::int64_t unflushed_clicks = 0;
  bool positions_unknown = false;  // then lag and unflushed clicks are at most that
  std::int64_t journal_bytes = 0;
  std::int64_t journal_segments = 0;
  std::int64_t flushed_clicks = 0;
  std::int64_t repeated_clicks = 0;
  std::int64_t damaged_records = 0;
  std::int64_t flush_failures = 0;
  db::UnixSeconds flushed_at = 0;
  db::UnixSeconds database_at = 0;
  std::int64_t map_links = 0;
  db::UnixSeconds map_synced_at = 0;
  std::int64_t map_rebuilding = 0;  // links read so far; 0: it is not being rebuilt
};

struct ServerView {
  std::int64_t master_pid = 0;
  db::UnixSeconds started_at = 0;
  std::vector<WorkerView> workers;
  std::vector<WorkerView> former;  // places whose worker has left: what they counted still counts
  ClicksView clicks;
};

// The counters of all workers, those that have left included: since the master began, over reloads.
WorkerView totals(const ServerView& server);

// Throws Failure: unreachable (server_not_running) if no master lives, failed (permission_denied,
// scoreboard_unreadable).
ServerView view_server(const std::string& run_dir);

}  // namespace cli
