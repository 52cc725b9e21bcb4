// Who may count the clicks of a state directory, one process at a time, and the directory's own name.
#pragma once

#include <string>

#include "db/model.hpp"

namespace ingest {

class StateLock {
 public:
  explicit StateLock(const std::string& state_dir);  // takes nothing yet; throws std::system_error
  ~StateLock();
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

  bool take();  // false: another process has it. Held until this one's end, however it ends.

 private:
  int fd_ = -1;
};

// The id in STATE_DIR/id, made when it is first asked for: whose journals are whose, where several hosts count into one
// database. The caller holds the lock. Throws std::system_error or std::runtime_error.
db::Uuid journal_id(const std::string& state_dir);

}  // namespace ingest
