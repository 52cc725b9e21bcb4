// Files of links that are cut off: by clients that hang up, workers that are killed and a database that fails. A part
// never passes for the whole.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <thread>

#include "tests/e2e/link_csv_client.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/raw_connection.hpp"
#include "tests/support/wait_until.hpp"

namespace e2e {
namespace {

namespace fs = std::filesystem;

void kill_bulk_workers() {
  for (const auto pid : stack().worker_pids("bulk")) kill(pid, SIGKILL);
}

BOOST_AUTO_TEST_SUITE(link_csv_cut)

BOOST_FIXTURE_TEST_CASE(a_client_that_hangs_up_while_it_sends_imports_nothing, Agency) {
  const auto csv = rows(20'000, "cut");
  {
    support::RawConnection connection(stack().base_url(), stack().ca_file());
    BOOST_TEST(connection.send(upload_head(key, csv.size()) + csv.substr(0, csv.size() / 2)));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  BOOST_TEST(links() == 0);
  BOOST_TEST(transfers() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_client_that_leaves_during_the_import_stops_it_between_batches, Agency) {
  const auto csv = rows(100'000, "left");
  {
    support::RawConnection connection(stack().base_url(), stack().ca_file());
    BOOST_TEST(connection.send(upload_head(key, csv.size()) + csv));
    BOOST_TEST(support::wait_until([&] { return links() > 0; }, 20));
  }
  BOOST_TEST(come_to(0));  // and another may begin
  const int in = links();
  BOOST_TEST(in % 1000 == 0);
  BOOST_TEST(in < 100'000);
  BOOST_TEST(import("label,url,program\nNext,https://a.example,\n").output.ends_with(" 200"));
  BOOST_TEST(links() == in + 1);
  say("a client left during an import: " + std::to_string(in) + " of 100000 rows were in, whole batches");
}

BOOST_FIXTURE_TEST_CASE(a_client_that_leaves_an_export_frees_its_place, Full) {
  {
    support::RawConnection connection(stack().base_url(), stack().ca_file());
    const auto authority = stack().base_url().substr(std::string("https://").size());
    BOOST_TEST(connection.send("GET /api/v1/links/export HTTP/1.1\r\nHost: " + authority +
                               "\r\nAuthorization: Bearer " + key + "\r\n\r\n"));
    BOOST_TEST(come_to(1));
  }
  const auto left = std::chrono::steady_clock::now();
  BOOST_TEST(come_to(0));
  BOOST_TEST(std::chrono::duration<double>(std::chrono::steady_clock::now() - left).count() < 2.0);
}

BOOST_FIXTURE_TEST_CASE(a_worker_killed_in_mid_export_leaves_no_file_that_looks_whole, Full) {
  for (const std::string version : {"--http1.1", "--http2"}) {
    const auto file = folder + "/part" + version + ".csv";
    auto exporting = std::async(std::launch::async, [&] { return export_to(file, {version}); });
    BOOST_TEST(support::wait_until([&] { return fs::exists(file) && fs::file_size(file) > 0; }, 20));
    kill_bulk_workers();
    const auto outcome = exporting.get();
    BOOST_TEST(outcome.exit_code == (version == "--http2" ? 92 : 18), version << ": " << outcome.output);
    const auto got = slurp(file);
    BOOST_TEST(std::count(got.begin(), got.end(), '\n') < kManyLinks);
  }
  BOOST_TEST(come_to(0));  // the places went with the workers
  BOOST_TEST(export_to(folder + "/whole.csv").exit_code == 0);
  say("a worker killed during an export: curl ends with 18 (HTTP/1.1) and 92 (HTTP/2)");
}

BOOST_FIXTURE_TEST_CASE(a_worker_killed_in_mid_import_leaves_whole_batches, Agency) {
  const auto csv = rows(100'000, "kill");
  auto importing = std::async(std::launch::async, [&] { return import(csv); });
  BOOST_TEST(support::wait_until([&] { return links() > 0; }, 20));
  kill_bulk_workers();
  const auto outcome = importing.get();
  BOOST_TEST(outcome.output.find("\"code\":\"upstream_unavailable\"") != std::string::npos, outcome.output);
  BOOST_TEST(outcome.output.ends_with(" 503"));
  BOOST_TEST(come_to(0));
  BOOST_TEST(links() % 1000 == 0);
  BOOST_TEST(import("label,url,program\nNext,https://a.example,\n").output.ends_with(" 200"));
}

// Holds a table so long that whoever waits for it gives up.
std::future<void> lock_table(const std::string& table) {
  return std::async(std::launch::async,
                    [table] { stack().sql("BEGIN; LOCK TABLE " + table + "; SELECT pg_sleep(3); COMMIT"); });
}

BOOST_FIXTURE_TEST_CASE(a_database_that_fails_in_the_middle_cuts_an_export_off, Full) {
  const auto file = folder + "/part.csv";
  auto exporting = std::async(std::launch::async, [&] { return export_to(file, {"--http1.1"}); });
  BOOST_TEST(support::wait_until([&] { return fs::exists(file) && fs::file_size(file) > 0; }, 20));
  lock_table("links").get();
  const auto outcome = exporting.get();
  BOOST_TEST(outcome.exit_code == 18, outcome.output);
  BOOST_TEST(stack().logs().find("\"code\":\"database_timeout\"") != std::string::npos);
  BOOST_TEST(come_to(0));
}

BOOST_FIXTURE_TEST_CASE(a_database_that_fails_in_the_middle_stops_an_import_and_says_where, Agency) {
  const auto csv = rows(50'000, "stop");
  auto importing = std::async(std::launch::async, [&] { return import(csv); });
  BOOST_TEST(support::wait_until([&] { return links() > 0; }, 20));
  lock_table("slugs").get();
  const auto outcome = importing.get();
  const auto in = std::to_string(links());
  BOOST_TEST(outcome.output.ends_with(" 504"), outcome.output);
  BOOST_TEST(outcome.output.find("The import stopped behind line " + std::to_string(links() + 1) + ": " + in +
                                 " links imported, 0 rows skipped.") != std::string::npos,
             outcome.output);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
