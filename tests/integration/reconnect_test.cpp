// The connection comes and goes; the process stays, and stays as small as it was.
#include <filesystem>
#include <fstream>
#include <thread>

#include <unistd.h>

#include "app/base/clock.hpp"
#include "db/session.hpp"
#include "tests/integration/fixture.hpp"

using integration::error_of;

namespace {

long resident_kib() {
  std::ifstream file("/proc/self/statm");
  long total = 0, resident = 0;
  file >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE) / 1024;
}

long open_files() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return std::distance(begin(files), end(files));
}

struct ReconnectFixture : integration::Fixture {
  support::PlainSession admin{support::Cluster::shared().url("postgres", "postgres")};

  // Waits up to `patience` milliseconds until the backend has gone.
  void cut_off(int patience = 5000) {
    admin.sql("select pg_terminate_backend(pid, " + std::to_string(patience) +
              ") from pg_stat_activity where usename = 'quietleaks_web' and datname = '" + database.name() + "'");
  }

  db::LinkPage page() {
    return *web.links().page({.account_id = account, .limit = 10, .offset = 0, .starting_after = {}, .today = 20000});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reconnect, ReconnectFixture)

BOOST_AUTO_TEST_CASE(reads_and_writes_do_not_notice_a_cut_between_them) {
  web.links().insert(account, integration::new_links(20));
  for (int i = 0; i < 20; ++i) {
    cut_off();
    BOOST_REQUIRE(page().links.size() == 10u);
    cut_off();
    BOOST_REQUIRE(web.keys().list(account).empty());
    cut_off();
    BOOST_REQUIRE(
        web.links().insert(account, integration::new_links(1, "r" + std::to_string(i) + "_"))[0].id.has_value());
  }
}

BOOST_AUTO_TEST_CASE(hundreds_of_reconnects_leave_nothing_behind) {
  web.links().insert(account, integration::new_links(20));
  const auto use = [&] {
    page();
    web.links().find(account, base::random_uuid(), 20000);
    web.keys().find(db::Digest{});
    web.keys().list(account);
    cut_off(0);
  };
  for (int i = 0; i < 100; ++i) use();
  const long memory = resident_kib();
  const long files = open_files();
  for (int i = 0; i < 400; ++i) use();
  BOOST_TEST_MESSAGE("resident " << memory << " -> " << resident_kib() << " KiB, open files " << files << " -> "
                                 << open_files());
  BOOST_TEST(resident_kib() < memory + 512);
  BOOST_TEST(open_files() == files);
}

BOOST_AUTO_TEST_CASE(a_thousand_failed_attempts_leave_nothing_behind_and_fail_fast) {
  auto options = database.options();
  options.url = "postgresql://quietleaks_web@/nowhere?host=" + options.url.substr(options.url.find("host=") + 5);
  db::Database nowhere(options);
  const long files = open_files();
  const auto start = base::monotonic_micros();
  for (int i = 0; i < 1000; ++i)
    BOOST_REQUIRE(error_of([&] { nowhere.check_ready(); }).kind() == db::ErrorKind::unavailable);
  BOOST_TEST(base::monotonic_micros() - start < 2'000'000);
  BOOST_TEST(open_files() == files);
}

BOOST_AUTO_TEST_CASE(a_restart_of_the_server_is_an_outage_and_then_over) {
  web.links().insert(account, integration::new_links(20));
  auto& cluster = support::Cluster::shared();
  cluster.stop();
  const auto start = base::monotonic_micros();
  for (int i = 0; i < 200; ++i) {
    const auto error = error_of([&] { page(); });
    BOOST_REQUIRE(error.kind() == db::ErrorKind::unavailable);
  }
  BOOST_TEST(base::monotonic_micros() - start < 1'000'000);
  BOOST_TEST(!web.hears_revocations());
  cluster.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(250));  // longer than the pause between attempts
  BOOST_TEST(page().links.size() == 10u);
  BOOST_TEST(web.hears_revocations());
}

BOOST_AUTO_TEST_CASE(a_cut_in_the_middle_of_a_transaction_is_not_repeated_blindly) {
  support::PlainSession locker(database.url());
  locker.sql("begin; lock table links");
  std::thread cut([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    cut_off();
  });
  const auto error = error_of([&] { web.links().insert(account, integration::new_links(1)); });
  cut.join();
  locker.sql("rollback");
  BOOST_CHECK(error.kind() == db::ErrorKind::unavailable);
  BOOST_TEST_MESSAGE(error.what());
  BOOST_TEST(page().total == 0);
}

BOOST_AUTO_TEST_CASE(statements_that_the_server_forgot_are_prepared_again) {
  static const db::Statement kOne = {"one", "count", "select 1::bigint"};
  db::Session session(database.options());
  BOOST_TEST(session.query(kOne, {}).integer(0, 0) == 1);
  session.read("forget", [](soci::session& sql) { sql << "deallocate all"; });  // as a pooler's reset does
  BOOST_TEST(session.query(kOne, {}).integer(0, 0) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
