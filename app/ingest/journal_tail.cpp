#include "app/ingest/journal_tail.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "app/base/log.hpp"

namespace ingest {
namespace {

constexpr std::int64_t kRecordBytes = sizeof(clicks::Record);

}  // namespace

JournalTail::JournalTail(const std::string& state_dir) : directory_(clicks::journal_directory(state_dir)) {}

void JournalTail::look() {
  for (auto& [id, segment] : segments_) segment.unreadable = false;
  for (const auto& path : clicks::find_segments(directory_)) {
    if (known_.contains(path)) continue;
    try {
      clicks::SegmentReader reader(path);
      const db::Uuid id = reader.id();
      const auto stored = positions_.find(id);
      segments_.emplace(id, Segment{std::move(reader), stored == positions_.end() ? 0 : stored->second});
      known_.insert(path);
    } catch (const std::exception& error) {  // gone or damaged since it was found
      base::log::warning("journal_segment_left_out", {{"detail", error.what()}});
    }
  }
}

std::vector<db::Uuid> JournalTail::ids() const {
  std::vector<db::Uuid> ids;
  ids.reserve(segments_.size());
  for (const auto& [id, segment] : segments_) ids.push_back(id);
  return ids;
}

void JournalTail::set_positions(std::span<const db::SegmentProgress> positions) {
  positions_.clear();
  for (const auto& stored : positions) positions_[stored.segment] = stored.to;
  for (auto& [id, segment] : segments_) {
    const auto stored = positions_.find(id);
    segment.position = stored == positions_.end() ? 0 : stored->second;
  }
}

std::vector<JournalTail::Segment*> JournalTail::in_order(bool writer_gone) {
  std::vector<Segment*> found;
  for (auto& [id, segment] : segments_)
    if (!segment.unreadable && segment.reader.writer_gone() == writer_gone) found.push_back(&segment);
  std::sort(found.begin(), found.end(),
            [](const Segment* a, const Segment* b) { return a->reader.made_at_us() < b->reader.made_at_us(); });
  return found;
}

void JournalTail::take(Segment& segment, std::size_t most, Batch& batch) {
  if (most == 0 || segment.unreadable || segment.position >= segment.reader.records()) return;
  try {
    const auto part = segment.reader.read(segment.position, most);
    if (part.next == segment.position) return;
    batch.records.insert(batch.records.end(), part.records.begin(), part.records.end());
    batch.progress.push_back({segment.reader.id(), segment.position, part.next});
    batch.damaged += part.damaged;
  } catch (const std::system_error& error) {
    segment.unreadable = true;
    base::log::error("journal_cannot_read", {{"detail", error.what()}});
  }
}

// In this order: a segment whose writer goes between the two looks is in neither list, and not in both.
JournalTail::Batch JournalTail::next(std::size_t most) {
  Batch batch;
  const auto left_behind = in_order(true);
  const auto written_to = in_order(false);
  const std::size_t share = left_behind.empty() ? most : (most + 1) / 2;
  for (std::size_t left = written_to.size(); Segment * segment : written_to) {
    take(*segment, (share - batch.records.size() + left - 1) / left, batch);
    --left;
  }
  for (Segment* segment : left_behind) take(*segment, most - batch.records.size(), batch);
  return batch;
}

void JournalTail::counted(const Batch& batch) {
  for (const auto& progress : batch.progress)
    if (const auto found = segments_.find(progress.segment); found != segments_.end())
      found->second.position = progress.to;
}

std::vector<db::Uuid> JournalTail::remove_finished() {
  std::vector<db::Uuid> removed;
  for (auto segment = segments_.begin(); segment != segments_.end();) {
    auto& reader = segment->second.reader;
    // In this order: a writer that is gone writes no more behind the end that is looked at next.
    const bool finished =
        !segment->second.unreadable && reader.writer_gone() && segment->second.position >= reader.records();
    if (!finished) {
      ++segment;
      continue;
    }
    const auto path = reader.path();
    reader.remove();
    removed.push_back(segment->first);
    known_.erase(path);
    segment = segments_.erase(segment);
  }
  return removed;
}

std::vector<db::Uuid> JournalTail::missing(std::span<const db::SegmentProgress> positions) const {
  std::vector<db::Uuid> ids;
  for (const auto& stored : positions)
    if (!segments_.contains(stored.segment)) ids.push_back(stored.segment);
  return ids;
}

void JournalTail::give_back_counted() {
  for (auto& [id, segment] : segments_) segment.reader.give_back(segment.position);
}

JournalTail::Backlog JournalTail::backlog(std::int64_t now_us) {
  Backlog backlog;
  for (auto& [id, segment] : segments_) {
    const std::int64_t records = segment.reader.records();
    backlog.bytes += (records + 1) * kRecordBytes;
    backlog.clicks += std::max<std::int64_t>(records - segment.position, 0);
    Batch first;
    take(segment, 1, first);
    const bool stuck = first.records.empty() && segment.position < records;
    segment.stuck_since_us = !stuck ? 0 : segment.stuck_since_us == 0 ? now_us : segment.stuck_since_us;
    if (first.records.empty() && !stuck) continue;
    const std::int64_t time = stuck ? segment.stuck_since_us : first.records.front().time_us;
    backlog.oldest_us = backlog.oldest_us == 0 ? time : std::min(backlog.oldest_us, time);
  }
  return backlog;
}

}  // namespace ingest
