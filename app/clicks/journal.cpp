// Two threads share Parts: the worker's appends, the other (Durability::process only) syncs. The mutex is held by the
// worker for a write and by the other for moments, never over a sync; so an append waits for nothing but its own
// write. What is written but not synced is kept in memory too, because a failed fdatasync leaves nobody knowing what of
// the file is on the disk: its segment is given up and the kept records are written to a new one. Those that were on
// the disk are then there twice, which the database sees by their ids. Kept are at most kHeldRecords of a segment; what
// a stalled disk lets grow beyond that is safe in the page cache from all but a failed sync followed by a power cut.
#include "app/clicks/journal.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <mutex>
#include <new>
#include <span>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>

#include "app/base/clock.hpp"
#include "app/base/log.hpp"
#include "app/clicks/segment_writer.hpp"

namespace clicks {
namespace {

constexpr base::Micros kSyncEvery = 50'000;     // the age that an unsynced record may reach
constexpr base::Micros kSyncPause = 1'000'000;  // after a failed sync and its repetitions
constexpr base::Micros kRetryEvery = 100'000;   // of what is held, by appends
constexpr int kRounds = 3;                      // a sync and its repetitions in new segments
constexpr std::size_t kMostToRedo = 4 * Journal::kHeldRecords;
constexpr std::size_t kMostRetired = 8;  // while none can be synced, the current segment grows instead

std::vector<Record> reserved() {
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

void drop_front(std::vector<Record>& records, std::size_t count) {
  records.erase(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(count));
}

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

struct Journal::Parts {
  Parts(const std::string& state_dir, std::string pool_name, Durability wanted)
      : directory(journal_directory(state_dir)), pool(std::move(pool_name)), durability(wanted) {
    retired.reserve(kMostRetired);  // to retire one must not need memory
  }

  void append(const Record& record);
  void settle();
  void try_waiting(base::Micros not_before);
  void finish();

  // With the mutex held:
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
  void give_up(const std::shared_ptr<Live>& live, const Kept& batch, int error);
  void redo(const Kept& kept);
  bool unsynced() const { return !retired.empty() || (current && current->dirty); }

  // Without it:
  bool sync_round();
  bool sync_rounds(int most);
  int rounds() const { return sync_failing ? 1 : kRounds; }  // a disk that stays sick is not filled with segments
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

void Journal::Parts::append(const Record& record) {
  bool wake_thread = false;
  {
    const std::lock_guard lock(mutex);
    if (held.empty() && to_redo.empty()) {
      const SegmentWriter::Result result = write({&record, 1});
      state.appended += result.records;
      if (result.error != 0) writing_fails(result.error);
      if (result.records == 0) hold(record);
    } else {
      hold(record);
      if (base::monotonic_micros() >= retry_at) write_waiting();
    }
    wake_thread = unsynced() && std::exchange(idle, false);
  }
  if (wake_thread) wake.notify_one();
  if (!used) start_thread();
}

void Journal::Parts::try_waiting(base::Micros not_before) {
  const std::lock_guard lock(mutex);
  const bool waiting = !held.empty() || !to_redo.empty();
  if (waiting && base::monotonic_micros() >= not_before) write_waiting();
  if (unsynced() && std::exchange(idle, false)) wake.notify_one();
}

// Throws std::system_error; the current segment stays what it was then.
void Journal::Parts::make_segment() {
  auto made = std::make_shared<Live>();
  made->unsynced.records = reserved();
  made->writer = SegmentWriter::make(directory, pool);
  if (current) retire();
  current = std::move(made);
  rotate_at = kSegmentBytes;
}

// An error that may be this one file's own trouble is answered with a new segment, at once.
SegmentWriter::Result Journal::Parts::write(std::span<const Record> records) {
  const bool had_one = current != nullptr;
  const SegmentWriter::Result result = write_to_current(records);
  if (result.error == 0 || current || !had_one) return result;
  ++state.write_errors;
  const SegmentWriter::Result rest = write_to_current(records.subspan(result.records));
  return {result.records + rest.records, rest.error};
}

bool Journal::Parts::retire() {
  if (retired.size() == kMostRetired) return false;
  retired.push_back(std::exchange(current, nullptr));
  return true;
}

int Journal::Parts::rotate_if_due() {
  if (current && (current->writer->bytes() < rotate_at || retired.size() == kMostRetired)) return 0;
  int error = 0;
  try {
    make_segment();
  } catch (const std::system_error& failure) {
    error = failure.code().value();
  } catch (const std::bad_alloc&) {
    error = ENOMEM;
  }
  if (error != 0) rotate_at += kSegmentBytes;  // a larger segment does no harm
  return current ? 0 : error;
}

SegmentWriter::Result Journal::Parts::write_to_current(std::span<const Record> records) {
  if (const int error = rotate_if_due()) return {0, error};
  const SegmentWriter::Result result = current->writer->append(records);
  current->unsynced.add(records.first(result.records));
  current->dirty = current->dirty || result.records > 0;
  const bool no_space = result.error == ENOSPC || result.error == EDQUOT;
  if (result.error == 0 || no_space) return result;  // another file has no more space
  if (current->writer->bytes() == sizeof(SegmentHeader)) {
    current->writer->discard();
    current = nullptr;
  } else {
    current->writer->cut_torn_end();
    retire();
  }
  return result;
}

// What was to be done again comes first: the database may count it later than it should, but not the other way round.
void Journal::Parts::write_waiting() {
  if (write_all(to_redo, false) && write_all(held, true)) writing_works();
  state.held = held.size();
}

// True: nothing is left of it.
bool Journal::Parts::write_all(std::vector<Record>& waiting, bool first_time) {
  while (!waiting.empty()) {
    const SegmentWriter::Result result = write(waiting);
    if (first_time) state.appended += result.records;
    drop_front(waiting, result.records);
    if (result.error == 0) continue;
    writing_fails(result.error);
    return false;
  }
  return true;
}

void Journal::Parts::hold(const Record& record) {
  if (held.size() < kHeldRecords) {
    held.push_back(record);
    state.held = held.size();
  } else if (state.lost++ == 0) {
    base::log::error("journal_loses_clicks", {{"held", number(held.size())}});
  }
}

void Journal::Parts::writing_fails(int error) {
  ++state.write_errors;
  retry_at = base::monotonic_micros() + kRetryEvery;
  if (std::exchange(write_failing, true)) return;
  base::log::error("journal_cannot_write", {{"error", std::strerror(error)}, {"directory", directory.native()}});
}

void Journal::Parts::writing_works() {
  if (!std::exchange(write_failing, false)) return;
  base::log::warning("journal_writes_again", {{"lost_so_far", number(state.lost)}});
}

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

void Journal::Parts::finish() {
  {
    const std::lock_guard lock(mutex);
    stopping = true;
  }
  wake.notify_one();
  if (thread.joinable()) thread.join();
  try_waiting(0);
  sync_rounds(kRounds);
  current = nullptr;
  retired.clear();
  if (held.empty() && to_redo.empty()) return;
  base::log::error("journal_ends_with_clicks",
                   {{"never_written", number(held.size())}, {"not_synced", number(to_redo.size())}});
  state.lost += held.size();
  state.held = 0;
  held.clear();
  to_redo.clear();
}

Journal::Journal(const std::string& state_dir, std::string pool, Durability durability)
    : parts_(std::make_unique<Parts>(state_dir, std::move(pool), durability)) {}

Journal::~Journal() {
  close();
}

void Journal::close() noexcept {
  parts_->finish();
}

void Journal::append(Record record) noexcept {
  record.seal();
  parts_->append(record);
}

bool Journal::waits_for_disk() const noexcept {
  return parts_->durability == Durability::power;
}

void Journal::settle() noexcept {
  if (waits_for_disk()) parts_->settle();
}

void Journal::tick() noexcept {
  if (!parts_->used) return;
  parts_->try_waiting(0);
  parts_->start_thread();
  if (!parts_->thread.joinable()) parts_->settle();
}

JournalState Journal::state() const noexcept {
  const std::lock_guard lock(parts_->mutex);
  return parts_->state;
}

}  // namespace clicks
