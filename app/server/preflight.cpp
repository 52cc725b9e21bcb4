#include "app/server/preflight.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

#include "app/server/shared_memory.hpp"
#include "app/server/sockets.hpp"
#include "app/server/state_dir.hpp"
#include "app/server/worker_process.hpp"
#include "db/connection.hpp"

namespace server {
namespace {

namespace fs = std::filesystem;

void require_same_run_dir(const std::string& run_dir, const Handover& running) {
  for (const auto& lock : running.locks)
    if (lock.name != run_dir + "/lock")
      throw std::runtime_error("server.run_dir: changed from " + fs::path(lock.name).parent_path().string() + " to " +
                               run_dir + ", which needs a restart: nginx would not find the sockets");
}

// The clicks process looks in one folder only: clicks not yet counted must come along.
void require_same_state_dir(const std::string& state_dir, const Handover& running) {
  if (!running.state_dir.empty() && running.state_dir != state_dir)
    throw std::runtime_error("server.state_dir: changed from " + running.state_dir + " to " + state_dir +
                             ", which needs a restart: stop, move the folder there, start");
}

void check_run_dir(const base::Config& config) {
  const std::string& run_dir = config.server.run_dir;
  check_socket_folder(run_dir, config.server.socket_group);
  const fs::path folder = run_dir;
  std::vector<fs::path> files{folder / "lock", folder / "scoreboard"};
  for (const auto& pool : config.pools.all()) files.push_back(folder / (std::string(pool.name) + ".sock"));
  for (const auto& file : files)
    if (fs::is_directory(file))
      throw std::runtime_error("server.run_dir: " + file.string() + " is a directory; remove it");
}

// Their pages are taken when keys are seen, so what is too much would show only under load.
void check_memory(const base::Config& config) {
  constexpr std::size_t kMebibyte = 1'048'576;
  const std::size_t wanted = limiter_bytes(config);
  const std::size_t most =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) / 2;
  if (wanted > most)
    throw std::runtime_error(
        "rate_limit.slots, rate_limit.max_requests_per_minute, keys.rejected_per_minute: their tables would take " +
        std::to_string(wanted / kMebibyte) + " MiB, and may take at most half of the machine's memory (" +
        std::to_string(most / kMebibyte) + " MiB)");
}

}  // namespace

void preflight(const base::Config& config, const Handover& running) {
  require_same_run_dir(config.server.run_dir, running);
  require_same_state_dir(config.server.state_dir, running);
  const auto identity = find_identity(config.server.user);
  check_run_dir(config);
  for (const auto& lock : running.locks) check_lock(lock.name, getppid());
  check_state_dir(config.server.state_dir, identity);
  check_memory(config);
  db::check_url(config.database.url);
  if (!config.clicks.database_url.empty()) db::check_url(config.clicks.database_url);
}

}  // namespace server
