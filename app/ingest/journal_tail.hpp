// The journals of a state directory as one stream: which segments there are, how far each has been counted, what comes
// next. Knows files and positions, and nothing of the database that keeps the latter.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "app/clicks/segment.hpp"
#include "db/clicks.hpp"
#include "db/model.hpp"

namespace ingest {

class JournalTail {
 public:
  explicit JournalTail(const std::string& state_dir);

  // Looks for segments that are new. Throws std::system_error if the directory cannot be read.
  void look();
  std::size_t segments() const { return segments_.size(); }
  std::vector<db::Uuid> ids() const;

  // Where the database stands; a segment that is not among these is at its beginning.
  void set_positions(std::span<const db::SegmentProgress> positions);

  struct Batch {
    std::vector<clicks::Record> records;
    std::vector<db::SegmentProgress> progress;
    std::int64_t damaged = 0;
  };
  // At most `most` records. Half of them, or all if there are no others, from segments that are still written to, so
  // that what is clicked now does not wait for the end of a backlog; the oldest segments first otherwise. A segment
  // that cannot be read is said in the log and left out until the next look().
  Batch next(std::size_t most);
  void counted(const Batch& batch);  // it is committed

  // Removes the files that are counted to their end and whose writers are gone. Their positions may be forgotten
  // afterwards, as may those of segments that the directory does not have.
  std::vector<db::Uuid> remove_finished();
  std::vector<db::Uuid> missing(std::span<const db::SegmentProgress> positions) const;

  // Gives the disk back what has been counted of segments that are still written to: for when it is nearly full, since
  // a writer that cannot write cannot begin a new segment either.
  void give_back_counted();

  struct Backlog {
    std::int64_t clicks = 0;
    std::int64_t bytes = 0;      // of all segments, counted or not
    std::int64_t oldest_us = 0;  // when the oldest click that is not counted was made; 0: none
  };
  Backlog backlog(std::int64_t now_us);

 private:
  struct Segment {
    clicks::SegmentReader reader;
    std::int64_t position = 0;
    bool unreadable = false;
    std::int64_t stuck_since_us = 0;  // there is more, but the next slot holds no record; 0: it does
  };
  using Segments = std::map<db::Uuid, Segment>;

  void take(Segment& segment, std::size_t most, Batch& batch);
  std::vector<Segment*> in_order(bool writer_gone);

  const std::filesystem::path directory_;
  Segments segments_;
  std::set<std::filesystem::path> known_;       // paths of segments_
  std::map<db::Uuid, std::int64_t> positions_;  // of segments that were not seen yet
};

}  // namespace ingest
