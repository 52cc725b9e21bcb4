#include "app/server/respawn.hpp"

#include <algorithm>

namespace server {

base::Micros Respawn::next_start(base::Micros started, base::Micros died) {
  const bool fast = died - started < kFastDeath;
  fast_deaths_ = fast ? std::min(fast_deaths_ + 1, kFastDeaths) : 0;
  return slowed() ? started + kFastDeath : died;
}

}  // namespace server
