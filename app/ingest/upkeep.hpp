// What counting needs beside the clicks themselves: partitions for the days to come, none for those that are over, and
// counters that follow the calendar.
#pragma once

#include "app/base/clock.hpp"
#include "db/clicks.hpp"

namespace ingest {

class Upkeep {
 public:
  // At most one short transaction of what is due. True: there is more to do now. Throws db::Error.
  bool step(db::Clicks& clicks, base::Micros now, db::UnixSeconds time);

 private:
  enum class Task { partitions, counters, old_clicks, none };

  Task next_ = Task::partitions;
  db::DayNumber day_ = 0;
  base::Micros again_at_ = 0;
};

}  // namespace ingest
