// What the link map is kept true by: all slugs in one snapshot, and later every slug that changed since a snapshot,
// whatever order the changes were committed in.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

struct Options;

// A state of one database: which one it is (cluster, database, timeline, and the table itself, so that a backup that
// was restored is another) and what its transactions could see. Opaque, and empty for "nothing yet".
using SyncPoint = std::string;

// Has a connection of its own, because it waits for notifications and reads in long snapshots. Not thread-safe. Throws
// db::Error; what was being read must then be begun again.
class LinkChanges {
 public:
  static constexpr int kPart = 2000;  // slugs at most that next() gives

  explicit LinkChanges(Options options);  // does not connect yet
  ~LinkChanges();

  // Either begins to read in a snapshot of its own, and gives up what was being read before. begin_changes() is false
  // if the changes since `point` cannot be told: it is of another database, or they have been thrown away. A slug that
  // is gone comes with an empty url.
  bool begin_changes(const SyncPoint& point);  // also point()
  void begin_all();                            // in the order of the slugs' bytes

  bool next(std::vector<SlugTarget>& part);  // false: all has been read, and the part is empty
  const SyncPoint& point() const;            // what whoever took all parts is true to

  int socket() const;  // to poll for notifications; -1: not connected
  bool drain_hints();  // true: something may have changed

  // Throws away changes that `point` covers and that are older than a day, some at a time. False: there are more.
  bool prune(const SyncPoint& point);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace db
