// What every worker does now, for `quietleaks status`. Each worker writes its own slot only; readers tolerate tearing
// between fields. The master never dereferences it.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "app/shm/region.hpp"

namespace shm {

enum class WorkerState : std::uint32_t { empty, starting, idle, busy, stopping };

struct alignas(64) WorkerSlot {
  std::atomic<std::uint32_t> state;  // WorkerState
  std::atomic<std::int32_t> pid;
  std::atomic<std::int64_t> started_at;      // unix seconds
  std::atomic<std::int64_t> busy_since;      // monotonic microseconds; 0: idle
  std::atomic<std::uint64_t> starts;         // processes that this slot has had
  std::atomic<std::uint64_t> requests;       // answered, by all of them; likewise below
  std::atomic<std::uint64_t> client_errors;  // 4xx
  std::atomic<std::uint64_t> server_errors;  // 5xx
  std::atomic<std::uint64_t> rate_limited;   // 429
  std::atomic<std::uint64_t> limiter_full;   // allowed uncounted: no slot in the limiter
  std::atomic<std::uint64_t> key_cache_misses;
  std::atomic<std::uint64_t> database_errors;
  std::atomic<std::uint64_t> redirects;   // 302s, also those that are not counted
  std::atomic<std::uint64_t> map_misses;  // slugs that the link map did not know
  std::atomic<std::uint64_t> clicks_journalled;
  std::atomic<std::uint64_t> clicks_lost;     // neither written nor held: counted here and nowhere else
  std::atomic<std::uint64_t> journal_errors;  // failed appends and syncs
  std::atomic<std::uint64_t> clicks_held;     // in memory now, because writing fails
  std::atomic<std::uint64_t> connections;     // held now
  std::atomic<std::uint64_t> resident_kib;
  char pool[16];        // "api", "bulk" ...; written at the worker's start
  std::uint32_t index;  // within its pool, from 1
};

// What the clicks process does now; it alone writes here, but for `map_generation`, which go workers read. Times are
// unix seconds, 0: never.
struct ClicksBoard {
  std::atomic<std::uint32_t> map_generation;  // rises with every swap of the link map's file
  std::atomic<std::int32_t> pid;              // 0: none at work
  std::atomic<std::int64_t> map_links;
  std::atomic<std::int64_t> map_synced_at;   // when the map was last known to be true
  std::atomic<std::int64_t> map_rebuilding;  // links read so far of a rebuild; 0: none
  std::atomic<std::int64_t> database_at;     // when the database last answered
  std::atomic<std::int64_t> flushed_at;  // the last commit, or look that found nothing to do: later than some seconds
                                         // ago, unless counting does not work
  std::atomic<std::int64_t> lag_ms;      // age of the oldest click that is not in the database
  std::atomic<std::int64_t> unflushed_clicks;
  std::atomic<std::uint32_t>
      positions_unknown;  // 1: not read since the process began, so the two above are at most that
  std::atomic<std::int64_t> journal_bytes;
  std::atomic<std::int64_t> journal_segments;
  std::atomic<std::uint64_t> flushed_clicks;   // by all clicks processes of this master; likewise below
  std::atomic<std::uint64_t> repeated_clicks;  // requests that came twice, counted once
  std::atomic<std::uint64_t> damaged_records;
  std::atomic<std::uint64_t> flush_failures;
};

struct ScoreboardHeader {
  char magic[8];             // "QLSCORE2"
  std::uint32_t slot_bytes;  // sizeof(WorkerSlot): a reader of another build refuses
  std::uint32_t slots;
  std::atomic<std::int32_t> master_pid;
  std::atomic<std::int64_t> master_started_at;
  ClicksBoard clicks;
};

class Scoreboard {
 public:
  static constexpr int kMaxWorkers = 256;
  static std::size_t bytes(int slots);
  static void format(void* memory, int slots);  // once, by the master, before fork

  explicit Scoreboard(void* memory);          // throws std::runtime_error on a foreign layout
  explicit Scoreboard(const Region& region);  // the same, also if the region is too small: for another process's file
  std::span<WorkerSlot> slots() const;
  ScoreboardHeader& header() const { return *header_; }

 private:
  ScoreboardHeader* header_;
};

}  // namespace shm
