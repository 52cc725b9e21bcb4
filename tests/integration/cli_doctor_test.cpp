// quietleaks doctor on counting: the state folder and what is in it, the rights of the role that counts, the countries.
#include <filesystem>

#include <sys/stat.h>

#include "tests/integration/fake_server.hpp"
#include "tests/integration/operator.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using integration::contains;
using integration::Operator;

struct Patient : Operator {
  const std::string state = folder() + "/state";

  Patient() {
    environment = {"QL_DATABASE_URL=" + database.url("quietleaks_web"),
                   "QL_CLICKS_DATABASE_URL=" + database.url("quietleaks_clicks"), "QL_SERVER_RUN_DIR=" + folder(),
                   "QL_SERVER_STATE_DIR=" + state, "QL_SERVER_USER=nobody"};
    std::filesystem::create_directories(state + "/journal");
    write_file("state/links.map", "a map");
    for (const char* path : {"", "/journal"}) std::filesystem::permissions(state + path, std::filesystem::perms::all);
  }

  std::string doctor() const { return run({"doctor", "--json"}).out; }

  void expect(const std::string& check, const std::string& verdict, const std::string& part = "") const {
    const std::string all = doctor();
    const auto at = all.find("{\"check\":\"" + check + "\",\"verdict\":\"" + verdict + "\"");
    BOOST_TEST_REQUIRE(at != std::string::npos, check << " is not " << verdict << " in " << all);
    const std::string finding = all.substr(at, all.find('}', at) - at);
    BOOST_TEST(contains(finding, part), finding);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cli_doctor, Patient)

BOOST_AUTO_TEST_CASE(all_is_well_with_counting) {
  const integration::FakeServer server(folder());
  for (const char* check : {"state folder", "link map", "journal", "clicks", "clicks rights"}) expect(check, "good");
  expect("state folder", "good", "written by nobody");
  BOOST_TEST(contains(doctor(), "\"check\":\"state room\""));
  expect("go socket", "failed");
  BOOST_TEST(!contains(doctor(), "countries"));
}

BOOST_AUTO_TEST_CASE(a_state_folder_that_workers_cannot_use_is_told) {
  chmod(state.c_str(), 0700);
  expect("state folder", "failed", "chown -R nobody");
  environment.back() = "QL_SERVER_USER=root";
  expect("state folder", "good", "written by root");
  std::filesystem::remove_all(state);
  expect("state folder", "failed", "is not there");
}

BOOST_AUTO_TEST_CASE(a_map_that_is_missing_or_unreadable_is_told) {
  chmod((state + "/links.map").c_str(), 0600);
  expect("link map", "failed", "nobody cannot use it");
  std::filesystem::remove(state + "/links.map");
  std::filesystem::create_symlink("links-1.map", state + "/links.map");
  expect("link map", "failed", "is not there");
}

BOOST_AUTO_TEST_CASE(a_backlog_is_told) {
  write_file("state/journal/0.clicks", std::string(1 << 20, '\0'));
  expect("journal", "warning", "1 segment, 1.0 MiB of a server that does not run");
  const integration::FakeServer server(folder());
  server.clicks().unflushed_clicks = 8192;
  expect("journal", "good", "8192 clicks waiting");
  server.clicks().lag_ms = 60'000;
  expect("clicks", "warning", "the oldest for 1 min");
}

BOOST_AUTO_TEST_CASE(a_role_that_cannot_count_or_can_do_more_is_told) {
  database.sql(
      "revoke update on click_segments from quietleaks_clicks; "
      "revoke update (clicks_until) on links from quietleaks_clicks; "
      "revoke execute on function drop_old_click_partitions(date, integer) from quietleaks_clicks");
  expect("clicks rights", "failed",
         "it lacks update on click_segments, update of links.clicks_until, execute on "
         "drop_old_click_partitions(date,integer)");
  environment[1] = "QL_CLICKS_DATABASE_URL=";  // then the workers' own role is taken
  expect("clicks rights", "failed", "role quietleaks_web cannot count clicks");
  environment[1] = "QL_CLICKS_DATABASE_URL=" + database.url();
  expect("clicks rights", "warning", "may change the schema, too");
  environment[1] = "QL_CLICKS_DATABASE_URL=postgresql://x@127.0.0.1:1/x";
  expect("clicks rights", "failed", "clicks.database_url leads to");
}

BOOST_AUTO_TEST_CASE(links_that_nobody_checks_are_told) {
  expect("monitor", "warning", "none at work; 0 links due");
  database.sql(
      "insert into monitors (id, host, checks_per_minute) values (gen_random_uuid(), 'watch1', 30), "
      "(gen_random_uuid(), 'watch2', 1)");
  expect("monitor", "good", "2 monitors at work, 31 checks a minute; 0 links due");
  database.sql(
      "with a as (insert into accounts (name) values ('Late') returning id) insert into links (account_id, label, url, "
      "slug) select id, 'x', 'https://shop.example/', 'late' from a");
  expect("monitor", "good", "1 link due");
  database.sql("update link_watch set due_at = now() - interval '2 hours'");
  expect("monitor", "warning", "1 link due, the first since 2 h");
  database.sql("update monitors set reaches_nobody_since = now() - interval '3 minutes' where host = 'watch2'");
  expect("monitor", "failed", "the one on watch2 has reached nobody for 3 min");
  database.sql("update monitors set seen_at = now() - interval '2 minutes' where host = 'watch2'");
  expect("monitor", "warning", "1 monitor at work, 30 checks a minute; 1 link due");
  environment.push_back("QL_MONITOR_DATABASE_URL=postgresql://x@127.0.0.1:1/x");
  expect("monitor", "failed", "monitor.database_url leads to");
}

BOOST_AUTO_TEST_CASE(countries_that_cannot_be_read_are_told) {
  const std::string file = write_file("countries.mmdb", "not a MaxMind DB file");
  environment.push_back("QL_CLICKS_GEOIP_FILE=" + file);
  expect("countries", "failed");
  chmod(file.c_str(), 0600);
  expect("countries", "failed", "nobody cannot read");
  environment.back() += ".gone";
  expect("countries", "failed", "is not there");
}

BOOST_AUTO_TEST_CASE(a_chromium_that_is_wanted_is_tried) {
  BOOST_TEST(!contains(doctor(), "\"headless\""));
  environment.push_back("QL_MONITOR_HEADLESS=true");
  expect("headless", "good", "chromium follows scripts");
  environment.push_back("QL_MONITOR_HEADLESS_PROGRAM=no-such-program");
  expect("headless", "warning", "no-such-program is not in PATH");
}

BOOST_AUTO_TEST_SUITE_END()
