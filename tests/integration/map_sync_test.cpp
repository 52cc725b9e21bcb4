// The link map beside a real database: built, kept true, true again after whatever happened to either.
#include "app/ingest/map_sync.hpp"

#include "app/clicks/link_map.hpp"
#include "tests/integration/ingest_fixture.hpp"

namespace {

struct SyncFixture : integration::IngestFixture {
  std::optional<ingest::MapSync> sync;
  clicks::LinkMap map{state.path()};

  SyncFixture() {
    add_link("a");
    start();
  }

  void start() { sync.emplace(state.path(), database.options("quietleaks_clicks"), board); }

  void run(base::Micros micros) {
    for (const base::Micros end = now + micros; now <= end;) now += std::max<base::Micros>(sync->step(now, time), 1);
  }

  std::string find(const std::string& slug) {
    map.open(board.map_generation);
    const auto target = map.find(slug);
    return target ? std::string(target->url) : "none";
  }

  std::string current() const { return std::filesystem::read_symlink(state.path() + "/links.map"); }
};

const std::string kUrl = "https://shareasale.com/r/product/";
constexpr base::Micros kSeconds = 1'000'000;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(map_sync, SyncFixture)

BOOST_AUTO_TEST_CASE(is_built_and_follows_every_change_at_the_next_look) {
  run(kSeconds);
  BOOST_TEST(find("a") == kUrl + "a");
  BOOST_TEST(map.complete());
  BOOST_TEST(board.map_links == 1);
  const auto file = current();
  add_link("b");
  run(kSeconds / 2);
  BOOST_TEST(find("b") == kUrl + "b");
  database.sql("update links set url = 'https://new.example/' where slug = 'b'");
  run(kSeconds / 2);
  BOOST_TEST(find("b") == "https://new.example/");
  database.sql("delete from links where slug = 'a'");
  run(kSeconds / 2);
  BOOST_TEST(find("a") == "none");
  BOOST_TEST(board.map_links == 1);
  BOOST_TEST(board.map_synced_at == time);
  BOOST_TEST(current() == file);
}

BOOST_AUTO_TEST_CASE(a_restart_reads_only_what_changed) {
  run(kSeconds);
  sync.reset();
  add_link("b");
  database.sql("delete from links where slug = 'a'");
  const auto file = current();
  start();
  run(kSeconds / 2);
  BOOST_TEST(find("a") == "none");
  BOOST_TEST(find("b") == kUrl + "b");
  BOOST_TEST(current() == file);
}

BOOST_AUTO_TEST_CASE(is_built_anew_when_changes_cannot_be_told_and_serves_meanwhile) {
  run(kSeconds);
  sync.reset();
  owner.links().insert(account, integration::new_links(5000, "n"));
  database.sql(
      "delete from links where slug = 'a'; delete from link_changes; update link_changes_horizon set "
      "pruned_before = pg_snapshot_xmax(pg_current_snapshot())");
  const auto file = current();
  start();
  sync->step(now, time);  // opens, begins, takes a part
  BOOST_TEST(find("a") == kUrl + "a");
  BOOST_TEST(board.map_rebuilding > 0);
  run(kSeconds);
  BOOST_TEST(find("a") == "none");
  BOOST_TEST(find("n4999") == kUrl + "n4999");
  BOOST_TEST(board.map_links == 5000);
  BOOST_TEST(board.map_rebuilding == 0);
  BOOST_TEST(current() != file);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_replaced) {
  run(kSeconds);
  sync.reset();
  std::filesystem::resize_file(state.path() + "/" + current(), 5000);
  start();
  run(2 * kSeconds);
  clicks::LinkMap fresh(state.path());
  BOOST_TEST(fresh.open(board.map_generation));
  BOOST_TEST(fresh.find("a").has_value());
}

BOOST_AUTO_TEST_CASE(without_the_database_the_map_stays_and_salts_are_kept) {
  run(kSeconds);
  database.sql("alter role quietleaks_clicks nologin");
  start();
  run(3 * kSeconds);
  BOOST_TEST(find("a") == kUrl + "a");
  BOOST_TEST(map.complete());
  time += 86400;
  run(3 * kSeconds);
  BOOST_TEST(map.salt(base::day_number(time)).has_value());
  BOOST_TEST(map.salt(base::day_number(time) + 1).has_value());
  database.sql("alter role quietleaks_clicks login");
  add_link("b");
  run(3 * kSeconds);
  BOOST_TEST(find("b") == kUrl + "b");
}

BOOST_AUTO_TEST_CASE(a_rebuild_that_is_cut_off_is_begun_again) {
  owner.links().insert(account, integration::new_links(9000, "n"));
  sync->step(now, time);
  sync->step(now, time);
  BOOST_TEST(board.map_rebuilding > 0);
  support::PlainSession(support::Cluster::shared().url("postgres", "postgres"))
      .sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'quietleaks_clicks'");
  run(3 * kSeconds);
  BOOST_TEST(find("n8999") == kUrl + "n8999");
  BOOST_TEST(board.map_links == 9001);
}

BOOST_AUTO_TEST_SUITE_END()
