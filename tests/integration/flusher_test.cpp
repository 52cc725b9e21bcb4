// From journals to the database, over restarts of the flusher and of its writers.
#include "app/ingest/flusher.hpp"

#include <chrono>
#include <fstream>
#include <optional>
#include <thread>

#include "app/ingest/journal_tail.hpp"
#include "app/ingest/state_lock.hpp"
#include "tests/integration/ingest_fixture.hpp"

namespace {

struct FlusherFixture : integration::IngestFixture {
  const db::Uuid link = add_link("a");
  std::optional<ingest::Flusher> flusher;
  std::optional<clicks::Journal> journal;

  FlusherFixture() { start(); }

  void start() { flusher.emplace(state.path(), database.options("quietleaks_clicks"), board); }
  void open_journal() { journal.emplace(state.path(), "go", clicks::Durability::process); }

  void write(int clicks) {
    if (!journal) open_journal();
    for (int i = 0; i < clicks; ++i) journal->append(click(link));
  }

  // All that is due in the given time.
  void run(base::Micros micros) {
    for (const base::Micros end = now + micros; now <= end;) now += std::max<base::Micros>(flusher->step(now, time), 1);
  }
};

constexpr base::Micros kSeconds = 1'000'000;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(flusher, FlusherFixture)

BOOST_AUTO_TEST_CASE(clicks_are_counted_within_two_seconds_and_their_segment_goes_with_its_writer) {
  write(100);
  run(2 * kSeconds);
  BOOST_TEST(counted() == "100");
  BOOST_TEST(board.flushed_clicks == 100U);
  BOOST_TEST(web.links().find(account, link, base::day_number(time))->clicks_30d == 100);
  BOOST_TEST(state.segments() == 1U);
  write(50);
  journal.reset();
  run(2 * kSeconds);
  BOOST_TEST(counted() == "150");
  BOOST_TEST(state.segments() == 0U);
  BOOST_TEST(database.sql("select count(*) from click_segments") == "0");
  BOOST_TEST(board.unflushed_clicks == 0);
  BOOST_TEST(board.journal_segments == 0);
}

BOOST_AUTO_TEST_CASE(a_new_flusher_goes_on_where_the_last_one_stopped) {
  write(30);
  run(2 * kSeconds);
  start();
  write(30);
  run(2 * kSeconds);
  start();
  run(2 * kSeconds);
  BOOST_TEST(counted() == "60");
  BOOST_TEST(board.repeated_clicks == 0U);
}

BOOST_AUTO_TEST_CASE(another_that_counted_meanwhile_is_noticed) {
  write(10);
  run(2 * kSeconds);
  write(10);
  database.sql("update click_segments set position = 20");  // as if a reply to COMMIT had been lost
  run(2 * kSeconds);
  BOOST_TEST(counted() == "10");
  write(5);
  run(2 * kSeconds);
  BOOST_TEST(counted() == "15");
}

// As the messages say that one may do.
BOOST_AUTO_TEST_CASE(a_state_directory_with_a_new_id_goes_on_where_it_was) {
  write(10);
  run(2 * kSeconds);
  std::filesystem::remove(state.path() + "/id");
  start();
  write(10);
  run(3 * kSeconds);
  BOOST_TEST(counted() == "20");
  BOOST_TEST(board.repeated_clicks == 0U);
  journal.reset();
  run(2 * kSeconds);
  BOOST_TEST(database.sql("select count(*) from click_segments") == "0");
}

// Nor does whoever reads clicks wait for what counting wants to do with their tables.
BOOST_AUTO_TEST_CASE(somebody_who_reads_clicks_for_long_does_not_stop_counting) {
  write(10);
  run(2 * kSeconds);
  database.sql("drop table clicks_800d_" + database.sql("select to_char(current_date + 7, 'YYYYMMDD')"));
  support::PlainSession reader(database.url());
  reader.sql("begin; select count(*) from clicks");
  start();
  write(10);
  run(3 * kSeconds);
  BOOST_TEST(counted() == "20");
  BOOST_TEST(database.sql("select to_regclass('clicks_800d_' || to_char(current_date + 7, 'YYYYMMDD')) is not null") ==
             "t");
}

BOOST_AUTO_TEST_CASE(an_outage_is_said_once_and_everything_comes_in_after_it) {
  write(10);
  run(2 * kSeconds);
  database.sql("alter role quietleaks_clicks nologin");
  support::PlainSession(support::Cluster::shared().url("postgres", "postgres"))
      .sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'quietleaks_clicks'");
  write(500);
  run(40 * kSeconds);
  const auto failures = board.flush_failures.load();
  BOOST_TEST(failures > 5U);
  BOOST_TEST(failures < 60U);
  BOOST_TEST(board.unflushed_clicks == 500);
  database.sql("alter role quietleaks_clicks login");
  run(3 * kSeconds);
  std::this_thread::sleep_for(
      std::chrono::seconds(5));  // the session's own pause between attempts is by the real clock
  run(3 * kSeconds);
  BOOST_TEST(counted() == "510");
}

BOOST_AUTO_TEST_CASE(positions_without_files_are_forgotten) {
  write(10);
  run(2 * kSeconds);
  const auto file = clicks::find_segments(clicks::journal_directory(state.path())).at(0);
  journal.reset();
  std::filesystem::remove(file);
  start();
  run(2 * kSeconds);
  BOOST_TEST(database.sql("select count(*) from click_segments") == "0");
}

BOOST_AUTO_TEST_CASE(a_click_that_cannot_be_stored_is_passed_over_alone) {
  write(40);
  auto bad = click(link);
  bad.country = {'d', '!'};
  journal->append(bad);
  write(40);
  run(10 * kSeconds);
  BOOST_TEST(counted() == "80");
  BOOST_TEST(board.damaged_records == 1U);
  journal.reset();
  run(2 * kSeconds);
  BOOST_TEST(state.segments() == 0U);
}

BOOST_AUTO_TEST_CASE(before_leaving_nothing_is_left) {
  write(20000);
  journal.reset();
  flusher->hurry();
  int steps = 0;
  for (; !flusher->done() && steps < 100; ++steps) flusher->step(now, time);
  BOOST_TEST(counted() == "20000");
  BOOST_TEST(state.segments() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_clicked_now_does_not_wait_for_a_backlog) {
  ingest::JournalTail tail(state.path());
  for (int old = 0; old < 5; ++old) {
    write(3000);
    journal.reset();
  }
  write(100);
  tail.look();
  const auto batch = tail.next(1000);
  BOOST_TEST(batch.records.size() == 1000U);
  BOOST_TEST(batch.progress.size() == 2U);
  BOOST_TEST(batch.progress.front().to == 100);
  BOOST_TEST(tail.backlog(0).clicks == 15100);
  BOOST_TEST(tail.next(1).records.size() == 1U);
}

BOOST_AUTO_TEST_CASE(of_two_processes_one_holds_the_lock_until_it_is_gone) {
  std::optional<ingest::StateLock> first(state.path());
  ingest::StateLock second(state.path());
  BOOST_TEST(first->take());
  BOOST_TEST(!second.take());
  first.reset();
  BOOST_TEST(second.take());
  const auto id = ingest::journal_id(state.path());
  BOOST_CHECK(ingest::journal_id(state.path()) == id);
  std::ofstream(state.path() + "/id") << "damaged";
  BOOST_CHECK_THROW(ingest::journal_id(state.path()), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(partitions_for_the_days_to_come_are_there_before_their_clicks) {
  run(kSeconds);
  BOOST_TEST(database.sql("select count(*) from pg_class where relkind = 'r' and relname like 'clicks_800d_%'") == "9");
}

BOOST_AUTO_TEST_SUITE_END()
