// What a batch of the journal takes from segments that are written to and from those that were left behind.
#include "app/ingest/journal_tail.hpp"

#include <vector>

#include "app/clicks/segment_writer.hpp"
#include "tests/unit/clicks_folder.hpp"

using unit::StateFolder;

namespace {

constexpr std::uint64_t kClicks = 100;

// A segment with kClicks clicks; it is written to as long as its writer lives.
std::unique_ptr<clicks::SegmentWriter> segment(const StateFolder& folder) {
  auto writer = clicks::SegmentWriter::make(folder.journal, "test");
  std::vector<clicks::Record> records;
  for (std::uint64_t n = 0; n < kClicks; ++n) records.push_back(unit::sealed_click(n));
  BOOST_REQUIRE_EQUAL(writer->append(records).records, kClicks);
  return writer;
}

std::size_t from(const ingest::JournalTail::Batch& batch, const std::filesystem::path& path) {
  const clicks::SegmentReader reader(path);
  std::size_t records = 0;
  for (const auto& progress : batch.progress)
    if (progress.segment == reader.id()) records += static_cast<std::size_t>(progress.to - progress.from);
  return records;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_tail)

BOOST_AUTO_TEST_CASE(whats_written_now_fills_a_batch_when_nothing_was_left_behind) {
  const StateFolder folder;
  const auto one = segment(folder), two = segment(folder);
  ingest::JournalTail tail(folder.path);
  tail.look();
  const auto batch = tail.next(80);
  BOOST_TEST(batch.records.size() == 80);
  BOOST_TEST(from(batch, one->path()) == 40);
  BOOST_TEST(from(batch, two->path()) == 40);
}

BOOST_AUTO_TEST_CASE(whats_written_now_has_half_of_a_batch_beside_a_backlog) {
  const StateFolder folder;
  auto gone = segment(folder);
  const auto path = gone->path();
  gone.reset();
  const auto live = segment(folder);
  ingest::JournalTail tail(folder.path);
  tail.look();
  const auto batch = tail.next(80);
  BOOST_TEST(batch.records.size() == 80);
  BOOST_TEST(from(batch, live->path()) == 40);
  BOOST_TEST(from(batch, path) == 40);
}

BOOST_AUTO_TEST_SUITE_END()
