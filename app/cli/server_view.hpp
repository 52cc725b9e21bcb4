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
};

struct ServerView {
  std::int64_t master_pid = 0;
  db::UnixSeconds started_at = 0;
  std::vector<WorkerView> workers;
  std::vector<WorkerView> former;  // places whose worker has left: what they counted still counts
};

// Throws Failure: unreachable (server_not_running) if no master lives, failed (permission_denied,
// scoreboard_unreadable).
ServerView view_server(const std::string& run_dir);

}  // namespace cli
