// The companion's end of the channel to its master, and its line on the scoreboard: what stands behind Supervision.
#pragma once

#include "app/base/clock.hpp"
#include "app/server/channel.hpp"
#include "app/shm/scoreboard.hpp"

namespace server {

class CompanionLife {
 public:
  // `channel` stays the caller's. SIGTERM must be caught (base::catch_signals) by now.
  CompanionLife(int channel, shm::WorkerSlot& slot) : channel_(channel), slot_(slot) {}

  void ready();
  bool carry_on();  // false once SIGTERM came or the master is gone

 private:
  void tell(Word word);
  bool master_gone() const;

  const int channel_;
  shm::WorkerSlot& slot_;
  bool told_to_stop_ = false;
  base::Micros last_word_ = 0;
  base::Micros next_look_ = 0;
};

}  // namespace server
