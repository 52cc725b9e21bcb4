// The regions that all workers share. The master makes them, hands them to its next image, and never looks inside.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/base/config.hpp"
#include "app/server/handover.hpp"
#include "app/shm/rate_limiter.hpp"
#include "app/shm/region.hpp"
#include "app/shm/scoreboard.hpp"

namespace server {

struct SharedMemory {
  shm::Region keys;      // rate limit by key
  shm::Region rejected;  // by client address: keys that turned out to be unknown
  shm::Region scoreboard;
};

// Takes over each region of `inherited` whose layout is the one wanted, and makes (and logs) the others anew.
SharedMemory make_shared_memory(const base::Config& config, const std::vector<Handover::File>& inherited);

// The same regions by descriptor and layout, for the next image.
std::vector<Handover::File> describe(const base::Config& config, const SharedMemory& memory);

std::size_t limiter_bytes(const base::Config& config);  // of keys and rejected together, once all of it is in use

std::string scoreboard_path(const base::Config& config);

// For workers.
shm::RateLimiter key_limiter(const base::Config& config, const SharedMemory& memory);
shm::RateLimiter rejected_limiter(const base::Config& config, const SharedMemory& memory);

}  // namespace server
