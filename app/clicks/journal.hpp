// The click journal of one worker: appends records to a segment of its own (segment.hpp). A record that append() has
// taken is in the page cache, so no death of a process loses it; it is on the disk at most 50 ms later, or, with
// Durability::power, when settle() returns. Counting never stops a redirect: nothing here throws, and what cannot be
// written now is held in memory, tried again, and reported.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "app/clicks/record.hpp"

namespace clicks {

enum class Durability { process, power };

// What went wrong and what is at stake, for the scoreboard. Counts are of this journal's life.
struct JournalState {
  std::uint64_t appended = 0;      // records written to a segment
  std::uint64_t held = 0;          // records in memory now, because writing fails
  std::uint64_t lost = 0;          // records given up: memory was full too, or the process ended with them
  std::uint64_t write_errors = 0;  // failed appends
  std::uint64_t sync_errors = 0;   // failed fdatasyncs: each retires its segment
};

class Journal {
 public:
  static constexpr std::int64_t kSegmentBytes = 16 << 20;  // then a new one, so that the disk is given back
  static constexpr std::size_t kHeldRecords = 8192;        // 1 MiB

  // `pool` names the writer in the header. Makes the segment when the first click comes: most workers of the bulk pool
  // never see one.
  Journal(const std::string& state_dir, std::string pool, Durability durability);
  ~Journal();  // close()s
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  void append(Record record) noexcept;   // seals it
  bool waits_for_disk() const noexcept;  // Durability::power
  void settle() noexcept;                // power: all appended so far are on the disk, or reported; process: nothing
  void tick() noexcept;                  // about once a second: tries again what is held
  void close() noexcept;                 // syncs; what is held is tried once more, then lost. Only state() may follow
  JournalState state() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace clicks
