// The half of the journal that brings to the disk what the other has written.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <new>
#include <system_error>

#include <pthread.h>

#include "app/base/log.hpp"
#include "app/clicks/journal_parts.hpp"

namespace clicks {
namespace {

constexpr base::Micros kSyncEvery = 50'000;     // the age that an unsynced record may reach
constexpr base::Micros kSyncPause = 1'000'000;  // after a failed sync and its repetitions
constexpr std::size_t kMostToRedo = 4 * Journal::kHeldRecords;

std::int64_t number(std::size_t value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

// The segment is closed as soon as the caller lets go of it; readers take from it whatever is there.
void Journal::Parts::give_up(const std::shared_ptr<Live>& live, const Kept& batch, int error) {
  ++state.sync_errors;
  if (!std::exchange(sync_failing, true))
    base::log::error("journal_cannot_sync", {{"error", std::strerror(error)}, {"file", live->writer->path().native()}});
  if (live == current)
    current = nullptr;
  else
    std::erase(retired, live);
  redo(batch);
  redo(live->unsynced);
  write_waiting();
}

void Journal::Parts::redo(const Kept& kept) {
  std::size_t left_out = kept.others + kept.records.size();
  if (to_redo.size() + kept.records.size() <= kMostToRedo) try {
      to_redo.insert(to_redo.end(), kept.records.begin(), kept.records.end());
      left_out = kept.others;
    } catch (const std::bad_alloc&) {
    }
  if (left_out > 0) base::log::error("journal_cannot_redo", {{"records", number(left_out)}});
}

bool Journal::Parts::sync_one(std::unique_lock<std::mutex>& lock, const std::shared_ptr<Live>& live) {
  live->dirty = false;
  Kept batch = std::exchange(live->unsynced, std::exchange(spare, {}));
  lock.unlock();
  const int error = live->writer->sync();
  lock.lock();
  if (error != 0) give_up(live, batch, error);
  if (error == 0 && live != current && !live->dirty) std::erase(retired, live);
  batch.records.clear();
  batch.others = 0;
  spare = std::move(batch);
  return error == 0;
}

// All that was written before the call, and its segments' names, to the disk. False: not all; what was not is in
// to_redo or in a new segment.
bool Journal::Parts::sync_round() {
  bool all = true;
  std::unique_lock lock(mutex);
  while (all && !retired.empty()) {
    const std::shared_ptr<Live> live = retired.front();
    all = sync_one(lock, live);
  }
  if (const std::shared_ptr<Live> live = current; all && live && live->dirty) all = sync_one(lock, live);
  if (all && std::exchange(sync_failing, false)) base::log::warning("journal_syncs_again");
  return all;
}

bool Journal::Parts::sync_rounds(int most) {
  for (int round = 0; round < most; ++round)
    if (sync_round()) return true;
  return false;
}

void Journal::Parts::start_thread() {
  used = true;
  if (durability == Durability::power || thread.joinable()) return;
  sigset_t all, before;  // signals are the business of the worker's loop
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    base::log::warning("journal_has_no_thread", {{"error", error.what()}});  // tick() syncs and tries again
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// A round begins so soon after the last one that what came just after that is on the disk within kSyncEvery, if the
// disk takes as long as it did then.
void Journal::Parts::run() {
  std::unique_lock lock(mutex);
  while (!stopping) {
    idle = !unsynced();
    wake.wait(lock, [this] { return stopping || unsynced(); });
    idle = false;
    if (stopping) return;
    lock.unlock();
    const base::Micros start = base::monotonic_micros();
    const bool synced = sync_rounds(rounds());
    const base::Micros rest = kSyncEvery - 2 * (base::monotonic_micros() - start);
    lock.lock();
    wake.wait_for(lock, std::chrono::microseconds(synced ? rest : kSyncPause), [this] { return stopping; });
  }
}

void Journal::Parts::settle() {
  try_waiting(retry_at);
  const base::Micros now = base::monotonic_micros();
  if (now >= sync_again_at && !sync_rounds(rounds())) sync_again_at = now + kSyncPause;
}

}  // namespace clicks
