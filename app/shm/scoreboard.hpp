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
  std::atomic<std::uint64_t> connections;  // held now
  std::atomic<std::uint64_t> resident_kib;
  char pool[16];        // "api", "bulk"; written at the worker's start
  std::uint32_t index;  // within its pool, from 1
};

struct ScoreboardHeader {
  char magic[8];             // "QLSCORE1"
  std::uint32_t slot_bytes;  // sizeof(WorkerSlot): a reader of another build refuses
  std::uint32_t slots;
  std::atomic<std::int32_t> master_pid;
  std::atomic<std::int64_t> master_started_at;
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
