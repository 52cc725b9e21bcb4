#include "app/ingest/flusher.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "app/base/log.hpp"
#include "app/ingest/backlog_watch.hpp"
#include "app/ingest/journal_tail.hpp"
#include "app/ingest/outage.hpp"
#include "app/ingest/state_lock.hpp"
#include "app/ingest/upkeep.hpp"
#include "db/error.hpp"

namespace ingest {
namespace {

constexpr std::size_t kBatch = 8192;             // clicks; more gains little and makes others wait longer
constexpr base::Micros kFlushEvery = 500'000;    // while batches are not full: fewer, larger ones cost less
constexpr base::Micros kTendAgain = 30'000'000;  // after upkeep failed
constexpr base::Micros kLookEvery = 1'000'000;   // for new segments
constexpr base::Micros kShortestPause = 200'000, kLongestPause = 2'000'000;  // after a failure

db::Click to_click(const clicks::Record& record) {
  return {.id = record.id,
          .account_id = record.account_id,
          .link_id = record.link_id,
          .time_us = record.time_us,
          .visitor = record.visitor,
          .bot = record.kind == clicks::Kind::bot,
          .device = static_cast<db::ClickDevice>(record.device),
          .country = record.country,
          .referrer_host = record.referrer_host()};
}
static_assert(static_cast<int>(db::ClickDevice::tablet) == static_cast<int>(clicks::Device::tablet));

}  // namespace

struct Flusher::Parts {
  Parts(std::string directory, db::Options options, shm::ClicksBoard& shared)
      : state_dir(std::move(directory)), database(std::move(options)), tail(state_dir), board(shared), watch(shared) {}

  const std::string state_dir;
  db::Database database;
  JournalTail tail;
  shm::ClicksBoard& board;
  BacklogWatch watch;
  Upkeep upkeep;

  std::optional<db::Uuid> journal;
  bool positions_known = false;
  bool all_counted = false;  // at the last look
  bool hurried = false;
  std::size_t batch_size = kBatch;
  base::Micros look_at = 0, flush_at = 0, tend_at = 0, rest_until = 0, pause = kShortestPause;
  Outage database_outage{"clicks_not_counted"};
  Outage file_outage{"journal_not_read"};
  Outage upkeep_outage{"clicks_not_tended"};

  void work(base::Micros now, db::UnixSeconds time);
  void look_if_due(base::Micros now, db::UnixSeconds time);
  void read_positions();
  void flush(base::Micros now, db::UnixSeconds time);
  db::FlushResult count(const JournalTail::Batch& batch, db::UnixSeconds time);
  db::FlushResult pass_over(const JournalTail::Batch& batch, db::UnixSeconds time, const db::Error& error);
  void took(const JournalTail::Batch& batch, const db::FlushResult& result);
  void remove_finished();
  bool tend(base::Micros now, db::UnixSeconds time);
  void failed(base::Micros now);
  base::Micros rest(base::Micros now) const;
};

void Flusher::Parts::look_if_due(base::Micros now, db::UnixSeconds time) {
  if (now < look_at) return;
  look_at = now + kLookEvery;
  tail.look();
  watch.look(tail, state_dir, time);
  file_outage.end();
}

// Positions of segments that are gone: their files were removed, but not yet the positions, when this was interrupted.
void Flusher::Parts::read_positions() {
  const auto positions = database.clicks().positions(*journal, tail.ids());
  tail.set_positions(positions);
  positions_known = true;
  watch.positions_are_known();
  database.clicks().forget_segments(*journal, tail.missing(positions));
}

// A batch that the database will not take is made smaller until it is the one click that is to blame.
db::FlushResult Flusher::Parts::count(const JournalTail::Batch& batch, db::UnixSeconds time) {
  std::vector<db::Click> clicks;
  clicks.reserve(batch.records.size());
  for (const auto& record : batch.records) clicks.push_back(to_click(record));
  try {
    const auto result = database.clicks().flush(*journal, clicks, batch.progress, base::day_number(time));
    batch_size = std::min(batch_size * 2, kBatch);
    return result;
  } catch (const db::Error& error) {
    const bool too_much = error.kind() == db::ErrorKind::invalid || error.kind() == db::ErrorKind::timeout;
    if (too_much && batch_size > 1) {
      batch_size = std::max<std::size_t>(std::min(batch_size, clicks.size()) / 2, 1);
      return {};
    }
    if (error.kind() == db::ErrorKind::invalid) return pass_over(batch, time, error);
    throw;
  }
}

db::FlushResult Flusher::Parts::pass_over(const JournalTail::Batch& batch, db::UnixSeconds time,
                                          const db::Error& error) {
  base::log::error("click_cannot_be_stored", {{"detail", error.what()}});
  const auto result = database.clicks().flush(*journal, {}, batch.progress, base::day_number(time));
  if (result.counted) board.damaged_records.fetch_add(batch.records.size(), std::memory_order_relaxed);
  return result;
}

void Flusher::Parts::took(const JournalTail::Batch& batch, const db::FlushResult& result) {
  tail.counted(batch);
  board.flushed_clicks.fetch_add(static_cast<std::uint64_t>(result.clicks), std::memory_order_relaxed);
  board.repeated_clicks.fetch_add(static_cast<std::uint64_t>(result.repeated), std::memory_order_relaxed);
  if (batch.damaged == 0) return;
  board.damaged_records.fetch_add(static_cast<std::uint64_t>(batch.damaged), std::memory_order_relaxed);
  base::log::warning("journal_records_damaged", {{"records", batch.damaged}});
}

void Flusher::Parts::flush(base::Micros now, db::UnixSeconds time) {
  const std::size_t most = batch_size;
  const auto batch = tail.next(most);
  all_counted = batch.progress.empty();
  if (!all_counted) {
    const auto result = count(batch, time);
    board.database_at = time;
    if (result.counted)
      took(batch, result);
    else
      positions_known = false;  // or the batch was too much: then they are what they were
  }
  const bool more = !batch.progress.empty() && batch.records.size() >= most / 2;
  flush_at = more || hurried ? now : now + kFlushEvery;
  board.flushed_at = time;
}

// The files first: a position without a file is of no use to anyone, a file without its position is counted again.
void Flusher::Parts::remove_finished() {
  const auto removed = tail.remove_finished();
  if (!removed.empty()) database.clicks().forget_segments(*journal, removed);
}

void Flusher::Parts::work(base::Micros now, db::UnixSeconds time) {
  if (!journal) journal = journal_id(state_dir);
  look_if_due(now, time);
  if (now < rest_until) return;
  if (!positions_known) read_positions();
  if (now >= flush_at) {
    flush(now, time);
    remove_finished();
  }
  if (tend(now, time)) flush_at = now;
  database_outage.end();
  pause = kShortestPause;
}

// Somebody who reads clicks for long may be in the way of a new partition or of an old one's end: counting goes on.
bool Flusher::Parts::tend(base::Micros now, db::UnixSeconds time) {
  if (now < tend_at) return false;
  try {
    const bool more = upkeep.step(database.clicks(), now, time);
    upkeep_outage.end();
    return more;
  } catch (const db::Error& error) {
    if (error.kind() == db::ErrorKind::unavailable) throw;
    upkeep_outage.begin(error.what());
    tend_at = now + kTendAgain;
    return false;
  }
}

void Flusher::Parts::failed(base::Micros now) {
  positions_known = false;
  all_counted = true;  // as far as that can be done now
  board.flush_failures.fetch_add(1, std::memory_order_relaxed);
  rest_until = now + pause;
  pause = std::min(2 * pause, kLongestPause);
}

base::Micros Flusher::Parts::rest(base::Micros now) const {
  return std::max<base::Micros>(std::min(look_at, std::max(flush_at, rest_until)) - now, 0);
}

Flusher::Flusher(std::string state_dir, db::Options options, shm::ClicksBoard& board)
    : parts_(std::make_unique<Parts>(std::move(state_dir), std::move(options), board)) {}

Flusher::~Flusher() = default;

base::Micros Flusher::step(base::Micros now, db::UnixSeconds time) {
  try {
    parts_->work(now, time);
  } catch (const db::Error& error) {
    parts_->database_outage.begin(error.what());
    parts_->failed(now);
  } catch (const std::exception& error) {
    parts_->file_outage.begin(error.what());
    parts_->failed(now);
  }
  return parts_->rest(now);
}

void Flusher::hurry() {
  parts_->hurried = true;
  parts_->look_at = parts_->flush_at = 0;
  parts_->all_counted = false;
}

bool Flusher::done() const {
  return parts_->all_counted;
}

}  // namespace ingest
