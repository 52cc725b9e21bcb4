// Two threads share Parts: the worker's appends, the other (Durability::process only) syncs. The mutex is held by the
// worker for a write and by the other for moments, never over a sync; so an append waits for nothing but its own
// write. What is written but not synced is kept in memory too, because a failed fdatasync leaves nobody knowing what of
// the file is on the disk: its segment is given up and the kept records are written to a new one. Those that were on
// the disk are then there twice, which the database sees by their ids. Kept are at most kHeldRecords of a segment; what
// a stalled disk lets grow beyond that is safe in the page cache from all but a failed sync followed by a power cut.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/base/clock.hpp"
#include "app/clicks/journal.hpp"
#include "app/clicks/segment_writer.hpp"

namespace clicks {

inline constexpr int kSyncRounds = 3;           // a sync and its repetitions in new segments
inline constexpr std::size_t kMostRetired = 8;  // while none can be synced, the current segment grows instead

inline std::vector<Record> reserved() {
  std::vector<Record> records;
  records.reserve(Journal::kHeldRecords);  // memory is taken page by page when it is used
  return records;
}

// Records in case their sync fails: what fits without allocating, and the number of the others.
struct Kept {
  std::vector<Record> records;
  std::size_t others = 0;

  void add(std::span<const Record> more) {
    const std::size_t count = std::min(records.capacity() - records.size(), more.size());
    records.insert(records.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(count));
    others += more.size() - count;
  }
};

struct Live {
  std::unique_ptr<SegmentWriter> writer;
  Kept unsynced;
  bool dirty = false;  // written to since its last sync began
};

struct Journal::Parts {
  Parts(const std::string& state_dir, std::string pool_name, Durability wanted)
      : directory(journal_directory(state_dir)), pool(std::move(pool_name)), durability(wanted) {
    retired.reserve(kMostRetired);  // to retire one must not need memory
  }

  void append(const Record& record);
  void try_waiting(base::Micros not_before);
  void finish();

  // With the mutex held (journal.cpp):
  void make_segment();
  SegmentWriter::Result write(std::span<const Record> records);
  SegmentWriter::Result write_to_current(std::span<const Record> records);
  int rotate_if_due();
  void write_waiting();
  bool write_all(std::vector<Record>& waiting, bool first_time);
  void hold(const Record& record);
  void writing_fails(int error);
  void writing_works();
  bool retire();

  // Likewise (journal_sync.cpp):
  void give_up(const std::shared_ptr<Live>& live, const Kept& batch, int error);
  void redo(const Kept& kept);
  bool waiting() const { return !held.empty() || !to_redo.empty(); }
  bool unsynced() const { return !retired.empty() || (current && current->dirty); }

  // Without it (journal_sync.cpp):
  void settle();
  bool sync_round();
  bool sync_rounds(int most);
  int rounds() const { return sync_failing ? 1 : kSyncRounds; }  // a disk that stays sick is not filled with segments
  bool sync_one(std::unique_lock<std::mutex>& lock, const std::shared_ptr<Live>& live);
  void start_thread();
  void run();

  const std::filesystem::path directory;
  const std::string pool;
  const Durability durability;

  std::mutex mutex;
  std::condition_variable wake;
  bool idle = false;  // the thread waits for something to sync
  bool stopping = false;
  JournalState state;
  std::shared_ptr<Live> current;
  std::vector<std::shared_ptr<Live>> retired;  // full or sick, to be synced and then closed; oldest first
  std::int64_t rotate_at = kSegmentBytes;
  std::vector<Record> held = reserved();  // never written yet
  std::vector<Record> to_redo;            // written to a segment that could not be synced
  Kept spare{reserved()};
  base::Micros retry_at = 0;
  bool write_failing = false, sync_failing = false;

  // The worker's alone.
  std::thread thread;
  bool used = false;
  base::Micros sync_again_at = 0;
};

}  // namespace clicks
