// What counting clicks needs beside the flush: positions, partitions, counters that have ended; and the series by day.
#include <algorithm>

#include "db/click_statements.hpp"
#include "db/click_totals.hpp"
#include "db/clicks.hpp"
#include "db/session.hpp"

namespace db {
namespace {

const Statement kTimesOfKeeping = {"ql_times_of_keeping", "read how long plans keep clicks",
                                   "select distinct clicks_kept_days from plans"};

}  // namespace

std::vector<SegmentProgress> Clicks::positions(const Uuid& journal, std::span<const Uuid> held) {
  BinaryArray ids(BinaryArray::Type::uuid);
  for (const auto& segment : held) ids.uuid(segment);
  Parameters parameters;
  parameters.uuid(journal).array(ids);
  const Result rows = session_.query(kPositions, parameters);
  std::vector<SegmentProgress> positions;
  positions.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row)
    positions.push_back({rows.uuid(row, 0), rows.integer(row, 1), rows.integer(row, 1)});
  return positions;
}

void Clicks::forget_segments(const Uuid& journal, std::span<const Uuid> segments) {
  if (segments.empty()) return;
  BinaryArray ids(BinaryArray::Type::uuid);
  for (const auto& segment : segments) ids.uuid(segment);
  Parameters parameters;
  parameters.uuid(journal).array(ids);
  session_.query(kForgetSegments, parameters);
}

int Clicks::ensure_partitions(DayNumber today, int days_ahead) {
  int made = 0;
  session_.write("make partitions for clicks", [&](soci::session&) {
    made = 0;
    session_.step(kCountingLock, {});
    const Result keep = session_.step(kTimesOfKeeping, {});
    for (int row = 0; row < keep.rows(); ++row) {
      Parameters parameters;
      parameters.integer(keep.integer32(row, 0)).day(today - 1).day(today + days_ahead);
      made += session_.step(kEnsurePartitions, parameters).integer32(0, 0);
    }
  });
  return made;
}

int Clicks::drop_old_partitions(DayNumber today, int most) {
  int dropped = 0;
  session_.write("drop old clicks", [&](soci::session&) {
    session_.step(kCountingLock, {});
    Parameters parameters;
    parameters.day(today).integer(most);
    dropped = session_.step(kDropOldPartitions, parameters).integer32(0, 0);
  });
  if (dropped > 0) partitions_.clear();
  return dropped;
}

int Clicks::roll(DayNumber today, int most) {
  int ended = 0;
  session_.write("bring counters of 30 days up to date", [&](soci::session&) {
    session_.step(kCountingLock, {});
    Parameters parameters;
    parameters.day(today).integer(most);
    const Result rows = session_.step(kEndedCounters, parameters);
    ended = rows.rows();
    std::map<AccountLink, std::int64_t> links;
    for (int row = 0; row < ended; ++row) links[{rows.uuid(row, 0), rows.uuid(row, 1)}] = 0;
    if (ended > 0) sum_window(session_, lock_links(session_, links, today), today);
  });
  return ended;
}

std::optional<std::vector<ClicksOfDay>> Clicks::by_day(const Uuid& account_id, const Uuid& link_id, DayNumber from,
                                                       DayNumber to) {
  Parameters parameters;
  parameters.uuid(account_id).uuid(link_id).day(from).day(to);
  const Result rows = session_.query(kClicksByDay, parameters);
  if (rows.rows() == 0) return std::nullopt;
  std::vector<ClicksOfDay> days;
  days.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row)
    days.push_back({rows.day(row, 0), rows.integer(row, 1), rows.integer(row, 2), rows.integer(row, 3)});
  return days;
}

}  // namespace db
