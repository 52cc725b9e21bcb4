// When to start a worker again after it died: at once, unless it dies as fast as it is started.
#pragma once

#include "app/base/clock.hpp"

namespace server {

class Respawn {
 public:
  static constexpr base::Micros kFastDeath = 1'000'000;  // a life shorter than this is a fast death
  static constexpr int kFastDeaths = 10;                 // so many in a row make a crash loop

  // When the successor of a process that lived from `started` to `died` may be forked. In a crash loop that is a second
  // after the last fork; a life longer than that ends the loop.
  base::Micros next_start(base::Micros started, base::Micros died);

  bool slowed() const { return fast_deaths_ >= kFastDeaths; }

 private:
  int fast_deaths_ = 0;
};

}  // namespace server
