// How far counting is behind and what room is left for it: on the scoreboard, and in the log when somebody has to know.
#pragma once

#include <string>

#include "app/ingest/journal_tail.hpp"
#include "app/shm/scoreboard.hpp"
#include "db/model.hpp"

namespace ingest {

class BacklogWatch {
 public:
  explicit BacklogWatch(shm::ClicksBoard& board) : board_(board) { board_.positions_unknown = 1; }

  void positions_are_known() { board_.positions_unknown = 0; }

  void look(JournalTail& tail, const std::string& state_dir, db::UnixSeconds time);

 private:
  void watch_lag(std::int64_t lag_ms, std::int64_t clicks);
  void watch_room(const std::string& state_dir);

  shm::ClicksBoard& board_;
  bool late_ = false;
  bool cramped_ = false;
};

}  // namespace ingest
