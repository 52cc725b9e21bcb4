#include "app/clicks/journal.hpp"

#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include "app/base/log.hpp"
#include "app/clicks/journal_parts.hpp"

namespace clicks {
namespace {

constexpr base::Micros kRetryEvery = 100'000;  // of what is held, by appends

void drop_front(std::vector<Record>& records, std::size_t count) {
  records.erase(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(count));
}

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

void Journal::Parts::append(const Record& record) {
  bool wake_thread = false;
  {
    const std::lock_guard lock(mutex);
    if (waiting() && base::monotonic_micros() >= retry_at) write_waiting();
    const SegmentWriter::Result result = waiting() ? SegmentWriter::Result{} : write({&record, 1});
    state.appended += result.records;
    if (result.error != 0) writing_fails(result.error);
    if (result.records == 0) hold(record);
    wake_thread = unsynced() && std::exchange(idle, false);
  }
  if (wake_thread) wake.notify_one();
  if (!used) start_thread();
}

void Journal::Parts::try_waiting(base::Micros not_before) {
  const std::lock_guard lock(mutex);
  if (waiting() && base::monotonic_micros() >= not_before) write_waiting();
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

void Journal::Parts::finish() {
  {
    const std::lock_guard lock(mutex);
    stopping = true;
  }
  wake.notify_one();
  if (thread.joinable()) thread.join();
  try_waiting(0);
  sync_rounds(kSyncRounds);
  current = nullptr;
  retired.clear();
  if (!waiting()) return;
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
