// Keeps the link map (app/clicks/link_map_writer.hpp) true to PostgreSQL: looks for changes every 250 ms and at once
// after a hint, reads all links into a new file when the changes cannot be told, and gives the map its salts whether
// the database is there or not. Works in small steps, so that whoever calls it can flush clicks in between.
#pragma once

#include <memory>
#include <string>

#include "app/base/clock.hpp"
#include "app/shm/scoreboard.hpp"
#include "db/database.hpp"

namespace ingest {

class MapSync {
 public:
  // Does nothing yet: files and connections are opened by step(). The caller holds the lock of STATE_DIR.
  MapSync(std::string state_dir, db::Options options, shm::ClicksBoard& board);
  ~MapSync();
  MapSync(const MapSync&) = delete;
  MapSync& operator=(const MapSync&) = delete;

  // One step of what is due: some milliseconds, or as long as one statement takes. `now` is monotonic, `time` the date.
  // Returns in how many microseconds it wants to be called again at the latest (0: there is more to do). Never throws:
  // trouble is said in the log, once for each outage.
  base::Micros step(base::Micros now, db::UnixSeconds time);

  int socket() const;  // readable: call step() now. -1: none. May change with every step.

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ingest
