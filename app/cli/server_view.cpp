#include "app/cli/server_view.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <unistd.h>

#include "app/base/clock.hpp"
#include "app/base/text.hpp"
#include "app/cli/failure.hpp"
#include "app/shm/region.hpp"
#include "app/shm/scoreboard.hpp"

namespace cli {
namespace {

constexpr std::string_view kMasterTitle = "quietleaks-web";

template <typename Integer>
std::int64_t number(const std::atomic<Integer>& counter) {
  return static_cast<std::int64_t>(counter.load(std::memory_order_relaxed));
}

std::string state_name(std::uint32_t state) {
  static constexpr std::array kNames{"empty", "starting", "idle", "busy", "stopping"};
  return state < kNames.size() ? kNames[state] : "unknown";
}

WorkerView view(const shm::WorkerSlot& slot) {
  const std::int64_t busy_since = number(slot.busy_since);
  return {.pool = std::string(slot.pool, strnlen(slot.pool, sizeof slot.pool)),
          .index = slot.index,
          .pid = number(slot.pid),
          .state = state_name(slot.state.load(std::memory_order_relaxed)),
          .busy_s = busy_since == 0 ? 0.0 : static_cast<double>(base::monotonic_micros() - busy_since) / 1e6,
          .uptime_s = base::unix_seconds() - number(slot.started_at),
          .connections = number(slot.connections),
          .resident_kib = number(slot.resident_kib),
          .starts = number(slot.starts),
          .requests = number(slot.requests),
          .client_errors = number(slot.client_errors),
          .server_errors = number(slot.server_errors),
          .rate_limited = number(slot.rate_limited),
          .limiter_full = number(slot.limiter_full),
          .key_cache_misses = number(slot.key_cache_misses),
          .database_errors = number(slot.database_errors),
          .redirects = number(slot.redirects),
          .map_misses = number(slot.map_misses),
          .clicks_journalled = number(slot.clicks_journalled),
          .clicks_held = number(slot.clicks_held),
          .clicks_lost = number(slot.clicks_lost),
          .journal_errors = number(slot.journal_errors)};
}

bool alive(std::int64_t pid) {
  return pid > 0 && (kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

// A process that was killed leaves its id behind.
ClicksView view(const shm::ClicksBoard& board) {
  const std::int64_t pid = number(board.pid);
  return {.pid = alive(pid) ? pid : 0,
          .lag_ms = number(board.lag_ms),
          .unflushed_clicks = number(board.unflushed_clicks),
          .positions_unknown = number(board.positions_unknown) != 0,
          .journal_bytes = number(board.journal_bytes),
          .journal_segments = number(board.journal_segments),
          .flushed_clicks = number(board.flushed_clicks),
          .repeated_clicks = number(board.repeated_clicks),
          .damaged_records = number(board.damaged_records),
          .flush_failures = number(board.flush_failures),
          .flushed_at = number(board.flushed_at),
          .database_at = number(board.database_at),
          .map_links = number(board.map_links),
          .map_synced_at = number(board.map_synced_at),
          .map_rebuilding = number(board.map_rebuilding)};
}

// A scoreboard outlives a master that was killed, and its process id may be another program's by now.
bool master_alive(std::int64_t pid) {
  if (!alive(pid)) return false;
  try {
    const std::string title = base::read_file("/proc/" + std::to_string(pid) + "/cmdline", 4096);
    return title.find(kMasterTitle) != std::string::npos;
  } catch (const std::runtime_error&) {
    return errno == EACCES || errno == EPERM;  // not ours to look at: believe kill
  }
}

Failure not_running(const std::string& why) {
  return {Exit::unreachable, "server_not_running", "no server is running: " + why,
          "Start it (systemctl start quietleaks-web, or quietleaks-web --config FILE); `quietleaks doctor` looks "
          "further. If it runs, is server.run_dir the same for both?"};
}

shm::Region open_scoreboard(const std::string& path) {
  try {
    return shm::Region::open_read_only(path);
  } catch (const std::system_error& error) {
    if (error.code().value() == ENOENT) throw not_running("there is no " + path);
    throw Failure(Exit::failed, "permission_denied", error.what(), "Run it as root or as the server's user.");
  }
}

ServerView read_view(const std::string& path) {
  const shm::Region region = open_scoreboard(path);
  const shm::Scoreboard scoreboard(region);
  ServerView server;
  server.master_pid = number(scoreboard.header().master_pid);
  server.started_at = number(scoreboard.header().master_started_at);
  for (const shm::WorkerSlot& slot : scoreboard.slots()) {
    if (number(slot.starts) == 0) continue;
    const bool left = number(slot.state) == static_cast<std::int64_t>(shm::WorkerState::empty) ||
                      !alive(number(slot.pid));  // killed, and not replaced in this place
    (left ? server.former : server.workers).push_back(view(slot));
  }
  for (WorkerView& worker : server.former) worker.connections = worker.resident_kib = worker.clicks_held = 0;
  server.clicks = view(scoreboard.header().clicks);
  return server;
}

}  // namespace

WorkerView totals(const ServerView& server) {
  WorkerView sum;
  for (const auto* workers : {&server.workers, &server.former})
    for (const WorkerView& worker : *workers)
      for (const WorkerCounter& counter : kWorkerCounters) sum.*counter.value += worker.*counter.value;
  return sum;
}

ServerView view_server(const std::string& run_dir) {
  const std::string path = run_dir + "/scoreboard";
  try {
    ServerView server = read_view(path);
    if (master_alive(server.master_pid)) return server;
    throw not_running("the master that wrote " + path + " (process " + std::to_string(server.master_pid) + ") is gone");
  } catch (const Failure&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw Failure(Exit::failed, "scoreboard_unreadable", path + ": " + error.what(),
                  "Use the quietleaks of the same version as the running quietleaks-web.");
  }
}

}  // namespace cli
