// The link map's one writer (link_map.hpp), within the clicks process. A change is a transaction of LMDB: readers see
// all of it or nothing, and a death leaves the state before or after it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/clicks/link_map.hpp"
#include "db/model.hpp"

namespace clicks {

using MapEntry = db::SlugTarget;

class LinkMapWriter {
 public:
  // Opens the current file, or makes an empty one if there is none or it is damaged. Throws std::runtime_error when
  // neither can be done. One writer at a time: the caller holds the lock of STATE_DIR. Every other function throws
  // std::runtime_error, too: then nothing has changed, and the writer must be made anew.
  explicit LinkMapWriter(const std::string& state_dir);
  ~LinkMapWriter();

  // The database and snapshot that the map is true to, as db::LinkChanges gave it; empty: never built.
  std::string synced_to() const;
  std::int64_t links() const;

  // In one transaction, which is on the disk when this returns. `synced_to` comes with the last part of a change; the
  // parts before it leave it empty, and the stored one stays: after a death all of them are read again.
  void apply(std::span<const MapEntry> entries, const std::string& synced_to);

  // A build from nothing into a file of its own; swap() puts it in place of the current one, atomically, and removes
  // the old files. A rebuild that is not swapped leaves nothing behind.
  void begin_rebuild();
  void add(std::span<const MapEntry> entries);  // to the rebuild; in the order of slugs it is quickest
  void swap(const std::string& synced_to);
  bool rebuilding() const;

  // Random salts for `today` and the day after, if there are none; those of days before yesterday are destroyed.
  void keep_salts(db::DayNumber today);

  int clear_readers();  // frees what killed readers held; returns how many

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace clicks
