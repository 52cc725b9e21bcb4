// Migrations: each once, in order, whoever runs them and however many at once.
#include "db/migrate.hpp"

#include <atomic>
#include <thread>

#include "tests/integration/fixture.hpp"

using support::PlainSession;
using support::TestDatabase;

namespace {

void silent(const db::Migration&) {}

int known() {
  return db::migrations().back().version;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(migrate)

BOOST_AUTO_TEST_CASE(applies_each_once_and_then_nothing) {
  TestDatabase database(TestDatabase::Content::empty);
  BOOST_TEST(db::migration_state(database.url()).applied == 0);
  std::vector<std::string> seen;
  const int applied =
      db::migrate(database.url(), [&](const db::Migration& migration) { seen.push_back(migration.name); });
  BOOST_TEST(applied == static_cast<int>(db::migrations().size()));
  BOOST_TEST(seen.front() == db::migrations().front().name);
  BOOST_TEST(db::migrate(database.url(), silent) == 0);
  BOOST_TEST(db::migration_state(database.url()).applied == known());
  BOOST_TEST(database.sql("select count(*) from plans") == "3");
}

BOOST_AUTO_TEST_CASE(runs_that_meet_apply_each_once) {
  TestDatabase database(TestDatabase::Content::empty);
  std::atomic<int> applied = 0, failed = 0;
  std::vector<std::thread> runs;
  for (int i = 0; i < 6; ++i)
    runs.emplace_back([&] {
      try {
        applied += db::migrate(database.url(), silent);
      } catch (const std::exception& error) {
        ++failed;
        BOOST_TEST_MESSAGE(error.what());
      }
    });
  for (auto& run : runs) run.join();
  BOOST_TEST(failed == 0);
  BOOST_TEST(applied == static_cast<int>(db::migrations().size()));
}

BOOST_AUTO_TEST_CASE(an_altered_migration_is_refused) {
  TestDatabase database;
  database.sql("update schema_migrations set checksum = 'ab' where version = 2");
  const auto error = integration::error_of([&] { db::migrate(database.url(), silent); });
  BOOST_TEST(std::string(error.what()).find("0002_links was applied with another text") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_newer_database_is_refused_by_migrate_but_serves) {
  TestDatabase database;
  database.sql("insert into schema_migrations values (9999, '9999_future', 'x')");
  const auto error = integration::error_of([&] { db::migrate(database.url(), silent); });
  BOOST_TEST(std::string(error.what()).find("newer than this build") != std::string::npos);
  db::Database web(database.options());
  BOOST_CHECK_NO_THROW(web.check_ready());
}

BOOST_AUTO_TEST_CASE(a_database_behind_is_not_ready) {
  TestDatabase empty(TestDatabase::Content::empty);
  db::Database web(empty.options("quietleaks"));
  const auto error = integration::error_of([&] { web.check_ready(); });
  BOOST_CHECK(error.kind() == db::ErrorKind::unavailable);
  BOOST_TEST(error.sqlstate() == "55000");
  BOOST_TEST(std::string(error.what()).find("quietleaks migrate") != std::string::npos);
  db::migrate(empty.url(), silent);
  BOOST_CHECK_NO_THROW(web.check_ready());
}

BOOST_AUTO_TEST_CASE(a_failed_migration_leaves_nothing_behind_and_can_be_repeated) {
  TestDatabase database(TestDatabase::Content::empty);
  database.sql("create table links (id int)");  // in the way of migration 2
  const auto error = integration::error_of([&] { db::migrate(database.url(), silent); });
  BOOST_TEST(error.sqlstate() == "42P07");
  BOOST_TEST(db::migration_state(database.url()).applied == 1);
  BOOST_TEST(database.sql("select to_regclass('slugs') is null") == "t");
  database.sql("drop table links");
  BOOST_TEST(db::migrate(database.url(), silent) == static_cast<int>(db::migrations().size()) - 1);
}

BOOST_AUTO_TEST_CASE(waits_for_a_run_under_way) {
  TestDatabase database(TestDatabase::Content::empty);
  PlainSession other(database.url());
  other.sql("select pg_advisory_lock(hashtext('quietleaks migrate'))");
  std::atomic<bool> done = false;
  std::thread run([&] {
    db::migrate(database.url(), silent);
    done = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // longer than a migration may wait for a table
  BOOST_TEST(!done);
  other.sql("select pg_advisory_unlock_all()");
  run.join();
  BOOST_TEST(done);
}

BOOST_AUTO_TEST_CASE(does_without_the_right_to_make_roles_and_grants_later) {
  // Roles belong to the cluster and exist already here; a plain owner must get through all the same.
  TestDatabase database(TestDatabase::Content::empty);
  PlainSession admin(support::Cluster::shared().url("postgres", "postgres"));
  admin.sql("alter role quietleaks nocreaterole");
  BOOST_CHECK_NO_THROW(db::migrate(database.url(), silent));
  admin.sql("alter role quietleaks createrole");
  BOOST_TEST(database.sql("select has_table_privilege('quietleaks_web', 'links', 'insert')") == "t");
  database.sql("revoke all on links from quietleaks_web");
  db::migrate(database.url(), silent);
  BOOST_TEST(database.sql("select has_table_privilege('quietleaks_web', 'links', 'insert')") == "t");
}

BOOST_AUTO_TEST_SUITE_END()
