// A region is known by a name that spells its layout: only a region of the very same name is taken over.
#include "app/server/shared_memory.hpp"

#include <exception>

#include <unistd.h>

#include "app/base/log.hpp"
#include "app/server/sockets.hpp"

namespace server {
namespace {

constexpr base::Micros kWindow = 60'000'000;

int key_cells(const base::Config& config) {
  return config.rate_limit.max_requests_per_minute;
}
int rejected_cells(const base::Config& config) {
  return config.keys.rejected_per_minute;
}
std::size_t limiter_bytes(const base::Config& config, int cells) {
  return shm::RateLimiter::bytes(config.rate_limit.slots, cells);
}

std::string limiter_layout(const char* what, const base::Config& config, int cells) {
  return std::string(what) + " layout=" + std::to_string(shm::RateLimiter::kLayout) +
         " slots=" + std::to_string(config.rate_limit.slots) + " cells=" + std::to_string(cells) +
         " bytes=" + std::to_string(limiter_bytes(config, cells));
}

std::string keys_layout(const base::Config& config) {
  return limiter_layout("keys", config, key_cells(config));
}

std::string rejected_layout(const base::Config& config) {
  return limiter_layout("rejected", config, rejected_cells(config));
}

std::string scoreboard_layout(const base::Config& config) {
  return "scoreboard bytes=" + std::to_string(shm::Scoreboard::bytes(shm::Scoreboard::kMaxWorkers)) +
         " slot=" + std::to_string(sizeof(shm::WorkerSlot)) + ' ' + scoreboard_path(config);
}

using Make = std::function<shm::Region()>;

shm::Region adopt_or_make(const std::string& layout, std::size_t bytes, const std::vector<Handover::File>& inherited,
                          const Make& make) {
  for (const auto& file : inherited) {
    if (file.name != layout) continue;
    try {
      return shm::Region::adopt(file.fd, bytes);
    } catch (const std::exception& error) {
      base::log::warning("region_not_adopted", {{"region", layout}, {"detail", error.what()}});
    }
  }
  if (!inherited.empty()) base::log::warning("region_made_anew", {{"region", layout}});
  return make();
}

// A scoreboard that is gone from its path would be read by nobody.
std::vector<Handover::File> without_lost_scoreboard(const base::Config& config, std::vector<Handover::File> inherited) {
  std::erase_if(inherited, [&](const Handover::File& file) {
    return file.name == scoreboard_layout(config) && !is_at(scoreboard_path(config), file.fd);
  });
  return inherited;
}

void close_unadopted(const std::vector<Handover::File>& inherited, const SharedMemory& memory) {
  for (const auto& file : inherited)
    if (file.fd != memory.keys.fd() && file.fd != memory.rejected.fd() && file.fd != memory.scoreboard.fd())
      close(file.fd);
}

shm::Region make_scoreboard(const base::Config& config) {
  const std::size_t bytes = shm::Scoreboard::bytes(shm::Scoreboard::kMaxWorkers);
  shm::Region region = shm::Region::file(scoreboard_path(config), bytes);
  shm::Scoreboard::format(region.data(), shm::Scoreboard::kMaxWorkers);
  return region;
}

}  // namespace

std::size_t limiter_bytes(const base::Config& config) {
  return limiter_bytes(config, key_cells(config)) + limiter_bytes(config, rejected_cells(config));
}

std::string scoreboard_path(const base::Config& config) {
  return config.server.run_dir + "/scoreboard";
}

SharedMemory make_shared_memory(const base::Config& config, const std::vector<Handover::File>& inherited) {
  const auto limiter = [&](const char* name, const std::string& layout, int cells) {
    const std::size_t bytes = limiter_bytes(config, cells);
    return adopt_or_make(layout, bytes, inherited, [&] { return shm::Region::anonymous(name, bytes); });
  };
  SharedMemory memory{
      .keys = limiter("quietleaks-keys", keys_layout(config), key_cells(config)),
      .rejected = limiter("quietleaks-rejected", rejected_layout(config), rejected_cells(config)),
      .scoreboard = adopt_or_make(scoreboard_layout(config), shm::Scoreboard::bytes(shm::Scoreboard::kMaxWorkers),
                                  without_lost_scoreboard(config, inherited), [&] { return make_scoreboard(config); })};
  close_unadopted(inherited, memory);
  return memory;
}

std::vector<Handover::File> describe(const base::Config& config, const SharedMemory& memory) {
  return {{memory.keys.fd(), keys_layout(config)},
          {memory.rejected.fd(), rejected_layout(config)},
          {memory.scoreboard.fd(), scoreboard_layout(config)}};
}

shm::RateLimiter key_limiter(const base::Config& config, const SharedMemory& memory) {
  return {memory.keys.data(), config.rate_limit.slots, key_cells(config), kWindow};
}

shm::RateLimiter rejected_limiter(const base::Config& config, const SharedMemory& memory) {
  return {memory.rejected.data(), config.rate_limit.slots, rejected_cells(config), kWindow};
}

}  // namespace server
