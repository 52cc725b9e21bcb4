// What the link map is kept true by: all links in one snapshot, and later every slug that changed since a snapshot,
// whatever order the changes were committed in.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

struct Options;

struct SlugTarget {
  std::string slug;
  Uuid account_id{};
  Uuid link_id{};
  std::string url;  // the destination, or while broken its fallback, if there is one; empty: no such slug
};

// A state of one database: which one it is (cluster and database, and timeline, so that a restored backup is another)
// and what its transactions could see. Opaque, and empty for "nothing yet".
using SyncPoint = std::string;

// Has a connection of its own, because it waits for notifications and reads in long snapshots. Not thread-safe. Throws
// db::Error.
class LinkChanges {
 public:
  explicit LinkChanges(Options options);
  ~LinkChanges();

  // Whether changes since `point` can be told; no: read all.
  bool knows(const SyncPoint& point);

  // Calls `take` with parts of at most 1,000; the new point once all parts were taken. A part may be taken that the new
  // point does not cover, never the other way round.
  using Take = std::function<void(std::vector<SlugTarget>&&)>;
  SyncPoint changes_since(const SyncPoint& point, const Take& take);

  // All slugs of one snapshot, part by part: call next() until it returns false, then point().
  void begin_all();
  bool next(std::vector<SlugTarget>& part);
  SyncPoint point() const;

  std::optional<SlugTarget> find(const std::string& slug);  // one, now

  int socket() const;  // to poll for notifications; -1: not connected
  bool drain_hints();  // true: something may have changed

  // Throws away changes older than a day that `point` covers.
  void prune(const SyncPoint& point);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace db
