// What a go worker has beside its requests: which map it asks, and what its slot says of its clicks.
#include "app/web/visits.hpp"

#include <cerrno>
#include <memory>
#include <vector>

#include "app/base/clock.hpp"
#include "tests/unit/link_map_fixture.hpp"
#include "tests/unit/system_calls.hpp"

namespace {

using unit::entry;
using unit::SystemCall;

struct Worker : unit::MapFolder {
  base::Config config;
  shm::ClicksBoard board{};
  shm::WorkerSlot slot{};
  std::unique_ptr<web::Visits> visits;

  Worker() {
    config.server.state_dir = path;
    start();
  }
  void start() { visits = std::make_unique<web::Visits>(config, "go", board, slot); }

  static http::Request request() {
    return {.method = "GET",
            .path = "/go/a",
            .query = "",
            .headers = {{"user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
                        {"referer", "https://blog.example/post"},
                        {"click-time", "1777276800.123"}},
            .body = "",
            .id = "000102030405060708090a0b0c0d0e0f",
            .remote_addr = "192.0.2.1"};
  }
  void record(int count = 1) {
    for (int i = 0; i < count; ++i) visits->record(request(), entry("a", "").account_id, entry("a", "").link_id);
  }
  std::vector<clicks::Record> records() const {
    std::vector<clicks::Record> all;
    for (const auto& file : clicks::find_segments(journal))
      for (const auto& one : clicks::SegmentReader(file).read(0, 1000).records) all.push_back(one);
    return all;
  }
};

int no_space(const SystemCall& call) {
  return call.name == "pwrite" ? ENOSPC : 0;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(visits, Worker)

BOOST_AUTO_TEST_CASE(nothing_is_made_before_the_first_visit) {
  visits->tick();
  visits->settle();
  visits.reset();
  BOOST_TEST(std::filesystem::is_empty(path));
}

BOOST_AUTO_TEST_CASE(the_boards_generation_brings_the_new_map_at_once) {
  BOOST_TEST(!visits->find("a").has_value());
  BOOST_TEST(!visits->map_complete());
  BOOST_TEST(apply({entry("a", "old")}) == 0);
  ++board.map_generation;
  BOOST_REQUIRE(visits->find("a").has_value());
  BOOST_TEST(visits->find("a")->url == "old");
  BOOST_TEST(rebuild({entry("a", "new")}) == 0);
  ++board.map_generation;
  BOOST_TEST(visits->find("a")->url == "new");
  BOOST_TEST(visits->map_complete());
}

BOOST_AUTO_TEST_CASE(a_click_is_journalled_with_what_its_request_tells) {
  const db::DayNumber day = base::day_number(1'777'276'800);
  BOOST_TEST(change([&](clicks::LinkMapWriter& writer) { writer.keep_salts(day); }) == 0);
  record();
  const auto all = records();
  BOOST_REQUIRE(all.size() == 1U);
  BOOST_TEST(all[0].id[15] == 15U);
  BOOST_TEST((all[0].link_id == entry("a", "").link_id));
  BOOST_TEST(all[0].time_us == 1'777'276'800'123'000);
  BOOST_TEST(all[0].visitor != 0U);
  BOOST_TEST((all[0].kind == clicks::Kind::human));
  BOOST_TEST((all[0].device == clicks::Device::desktop));
  BOOST_TEST(all[0].referrer_host() == "blog.example");
  BOOST_TEST(slot.clicks_journalled == 1U);
}

BOOST_AUTO_TEST_CASE(without_a_map_clicks_are_counted_all_the_same) {
  record();
  BOOST_REQUIRE(records().size() == 1U);
  BOOST_TEST(records()[0].visitor == 0U);
}

BOOST_AUTO_TEST_CASE(the_slot_says_what_is_held_and_what_was_lost) {
  record(2);
  {
    const unit::Watch watch(no_space);
    record(3);
    BOOST_TEST(slot.clicks_held == 3U);
    BOOST_TEST(slot.journal_errors > 0U);
    visits->tick();
    BOOST_TEST(slot.clicks_held == 3U);
  }
  visits->tick();
  BOOST_TEST(slot.clicks_held == 0U);
  BOOST_TEST(slot.clicks_journalled == 5U);
  BOOST_TEST(slot.clicks_lost == 0U);
  const unit::Watch watch(no_space);
  record(4);
  visits.reset();
  BOOST_TEST(slot.clicks_held == 0U);
  BOOST_TEST(slot.clicks_lost == 4U);  // they end with the worker
  BOOST_TEST(slot.clicks_journalled == 5U);
}

BOOST_AUTO_TEST_CASE(what_a_killed_worker_held_is_lost) {
  slot.clicks_held = 7;
  slot.clicks_lost = 1;
  start();
  BOOST_TEST(slot.clicks_held == 0U);
  BOOST_TEST(slot.clicks_lost == 8U);
}

BOOST_AUTO_TEST_CASE(with_power_a_visit_is_on_the_disk_when_it_is_settled) {
  config.clicks.durability = "power";
  start();
  int syncs = 0;
  const unit::Watch watch([&](const SystemCall& call) {
    if (call.name == "fdatasync" && call.done) ++syncs;
    return 0;
  });
  BOOST_TEST(visits->settles());
  record(2);
  BOOST_TEST(syncs == 0);
  visits->settle();
  BOOST_TEST(syncs == 1);
}

BOOST_AUTO_TEST_SUITE_END()
