// quietleaks status on counting: every number of the scoreboard for scripts, lines for people, and a warning in words
// for each thing that somebody has to act upon.
#include "tests/integration/fake_server.hpp"
#include "tests/integration/operator.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/json_match.hpp"

namespace {

using integration::contains;
using integration::Operator;

struct Served : Operator {
  Served() { environment.push_back("QL_SERVER_RUN_DIR=" + folder()); }

  integration::FakeServer server{folder()};

  std::string status() const { return run({"status"}).out; }

  void expect_warning(const std::string& code, const std::string& message) const {
    BOOST_TEST(contains(json({"status"}), R"("warnings":[{"code":")" + code + "\""), json({"status"}));
    BOOST_TEST(contains(status(), "Warning: " + message), status());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cli_status, Served)

BOOST_AUTO_TEST_CASE(scripts_get_every_number) {
  auto& worker = server.go_worker();
  worker.redirects = 11, worker.map_misses = 12, worker.clicks_journalled = 13, worker.journal_errors = 14;
  auto& clicks = server.clicks();
  clicks.lag_ms = 21, clicks.unflushed_clicks = 22, clicks.journal_bytes = 23, clicks.journal_segments = 24;
  clicks.flushed_clicks = 25, clicks.repeated_clicks = 26, clicks.flush_failures = 27, clicks.map_links = 28;
  clicks.map_rebuilding = 29;
  const std::string status = json({"status"});
  const std::string counters =
      R"("redirects":11,"map_misses":12,"clicks_journalled":13,"clicks_held":0,"clicks_lost":0,"journal_errors":14})";
  BOOST_TEST(contains(status, R"("resident_kib":0,)" + counters + R"(,{"pool":"clicks")"), status);
  BOOST_TEST(contains(status, counters + R"(,"clicks":{)"), status);  // the totals
  const std::string difference = support::json_difference(
      R"({"pid":"$integer","lag_ms":21,"unflushed_clicks":22,"positions_unknown":false,"journal_bytes":23,"journal_segments":24,
          "flushed_clicks":25,"repeated_clicks":26,"damaged_records":0,"flush_failures":27,
          "flushed_at":"$time","database_at":"$time","map_links":28,"map_synced_at":"$time",
          "map_age_s":"$integer","map_rebuilding":29,"warnings":[]})",
      status.substr(status.find("\"clicks\":{") + 9, status.rfind('}') - status.find("\"clicks\":{") - 9));
  BOOST_TEST(difference.empty(), difference << " in " << status);
}

BOOST_AUTO_TEST_CASE(people_get_lines) {
  server.go_worker().redirects = 5000;
  server.go_worker().clicks_journalled = 4990;
  server.clicks().unflushed_clicks = 17;
  server.clicks().lag_ms = 400;
  server.clicks().flushed_clicks = 4973;
  server.clicks().journal_bytes = 3 << 19;
  server.clicks().journal_segments = 2;
  server.clicks().map_links = 154;
  const std::string text = status();
  BOOST_TEST(contains(text, "\nclicks  1  "), text);  // a row like a worker's
  BOOST_TEST(contains(text, "Redirects: 5000, and 0 slugs that the link map did not know."), text);
  BOOST_TEST(contains(text, "Clicks: 4973 counted, 0 came twice, 0 damaged. 17 waiting, the oldest for 0.4 s."), text);
  BOOST_TEST(contains(text, "Journal: 1.5 MiB in 2 segments; 4990 clicks written, 0 held, 0 lost, 0 errors."), text);
  BOOST_TEST(contains(text, "Link map: 154 links, true "), text);
  BOOST_TEST(contains(text, "Database last seen "), text);
  BOOST_TEST(!contains(text, "Warning"), text);
}

BOOST_AUTO_TEST_CASE(redirects_do_not_dress_up_the_key_caches_hits) {
  server.go_worker().requests = 1'000'000;
  auto& api = shm::Scoreboard(&server.header()).slots()[2];
  std::strcpy(api.pool, "api");
  api.starts = 1, api.requests = 10, api.key_cache_misses = 5;
  BOOST_TEST(contains(status(), "Key cache 50.0% hits"), status());
}

BOOST_AUTO_TEST_CASE(late_clicks_are_warned_of) {
  server.clicks().lag_ms = 30'000;
  BOOST_TEST(contains(json({"status"}), "\"warnings\":[]"));
  server.clicks().lag_ms = 95'000;
  server.clicks().unflushed_clicks = 3;
  expect_warning("clicks_late", "3 clicks not in the database yet, the oldest for 1 min.");
}

BOOST_AUTO_TEST_CASE(held_and_lost_clicks_are_warned_of) {
  server.go_worker().clicks_held = 1;
  expect_warning("clicks_held", "1 click held in memory");
  server.go_worker().clicks_held = 0;
  server.go_worker().clicks_lost = 2;
  expect_warning("clicks_lost", "2 clicks lost");
  BOOST_TEST(contains(status(), "server.state_dir"));
}

BOOST_AUTO_TEST_CASE(a_process_that_counts_no_more_is_warned_of) {
  server.clicks().flushed_at = base::unix_seconds() - 70;
  expect_warning("counting_stands_still", "counting has stood still for 1 min");
  server.clicks().positions_unknown = 1;
  server.clicks().unflushed_clicks = 58;
  BOOST_TEST(contains(status(), "At most 58 waiting"));
}

BOOST_AUTO_TEST_CASE(the_place_of_a_killed_worker_is_no_worker) {
  server.go_worker().requests = 7;
  server.go_worker().pid = 1 << 22;  // beyond any process id
  BOOST_TEST(contains(json({"status"}), "\"requests\":7"), "its count is lost");
  BOOST_TEST(!contains(json({"status"}), "\"pool\":\"go\""));
}

BOOST_AUTO_TEST_CASE(an_old_map_is_warned_of) {
  server.clicks().map_synced_at = base::unix_seconds() - 300;
  expect_warning("map_old", "the link map is of 5 min ago");
  server.clicks().map_synced_at = 0;
  expect_warning("map_old", "the link map is empty");
  server.clicks().map_links = 5;
  server.clicks().map_rebuilding = 5000;
  expect_warning("map_old", "the link map has not been held against the database");
  BOOST_TEST(contains(status(), "5000 links so far"));
  BOOST_TEST(contains(json({"status"}), "\"map_age_s\":null"));
}

BOOST_AUTO_TEST_CASE(a_damaged_journal_and_a_missing_process_are_warned_of) {
  server.clicks().damaged_records = 1;
  expect_warning("journal_damaged", "1 record of the journal");
  server.clicks().damaged_records = 0;
  server.clicks().pid = 0;
  expect_warning("no_clicks_process", "no clicks process is at work");
  const pid_t killed = fork();
  if (killed == 0) _exit(0);
  waitpid(killed, nullptr, 0);
  server.clicks().pid = killed;  // what it wrote stays
  expect_warning("no_clicks_process", "no clicks process is at work");
}

BOOST_AUTO_TEST_SUITE_END()
