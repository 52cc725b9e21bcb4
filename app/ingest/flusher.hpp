// Journal -> database: reads what the workers have journalled, counts it (db::Clicks), and removes the segments that
// are done with. Works in small steps, and tells on the scoreboard and in the log how far behind it is.
#pragma once

#include <memory>
#include <string>

#include "app/base/clock.hpp"
#include "app/shm/scoreboard.hpp"
#include "db/database.hpp"

namespace ingest {

class Flusher {
 public:
  // The caller holds the lock of STATE_DIR. Connects and reads nothing yet.
  Flusher(std::string state_dir, db::Options options, shm::ClicksBoard& board);
  ~Flusher();
  Flusher(const Flusher&) = delete;
  Flusher& operator=(const Flusher&) = delete;

  // One batch of clicks at most, or one piece of upkeep. Returns in how many microseconds it wants to be called again
  // (0: there is more to do). Never throws: trouble is said in the log, once for each outage.
  base::Micros step(base::Micros now, db::UnixSeconds time);

  // Before leaving: looks at once for what the workers left behind, and waits for nothing more. Then step until done():
  // all of it is counted, or cannot be now.
  void hurry();
  bool done() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ingest
