// Failures become kinds that the layers above can act on, and messages that may be logged.
#include "db/connection.hpp"
#include "db/session.hpp"
#include "tests/integration/fixture.hpp"

using integration::error_of;

namespace {

struct ErrorFixture : integration::Fixture {
  db::Session session{quick(database.options("quietleaks"))};

  static db::Options quick(db::Options options) {
    options.statement_timeout_ms = 300;
    options.lock_timeout_ms = 100;
    return options;
  }

  db::Error failure(const std::string& sql) {
    return error_of([&] { session.read("try it", [&](soci::session& s) { s << sql; }); });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(errors, ErrorFixture)

BOOST_AUTO_TEST_CASE(time_limits) {
  const auto slow = failure("select pg_sleep(5)");
  BOOST_CHECK(slow.kind() == db::ErrorKind::timeout);
  BOOST_TEST(slow.sqlstate() == "57014");
  support::PlainSession other(database.url());
  other.sql("begin; lock table plans");
  const auto locked = failure("update plans set webhooks = true");
  BOOST_CHECK(locked.kind() == db::ErrorKind::timeout);
  BOOST_TEST(locked.sqlstate() == "55P03");
}

BOOST_AUTO_TEST_CASE(kinds_by_code) {
  BOOST_CHECK(failure("insert into accounts (name) values ('Demo Agency')").kind() == db::ErrorKind::conflict);
  BOOST_CHECK(failure("insert into accounts (name) values ('')").kind() == db::ErrorKind::invalid);
  BOOST_CHECK(failure("select 1/0").kind() == db::ErrorKind::invalid);
  BOOST_CHECK(failure("select nonsense").kind() == db::ErrorKind::internal);
  BOOST_CHECK(db::kind_of("40P01") == db::ErrorKind::retry);
  BOOST_CHECK(db::kind_of("57P01") == db::ErrorKind::unavailable);
  BOOST_CHECK(db::kind_of("53300") == db::ErrorKind::unavailable);
  BOOST_CHECK(db::kind_of("") == db::ErrorKind::internal);
}

BOOST_AUTO_TEST_CASE(a_failure_leaves_the_session_usable) {
  failure("select 1/0");
  int one = 0;
  session.read("count", [&](soci::session& s) { s << "select 1", soci::into(one); });
  BOOST_TEST(one == 1);
  BOOST_CHECK_THROW(session.write("try it", [&](soci::session& s) { s << "select 1/0"; }), db::Error);
  session.write("count", [&](soci::session& s) { s << "select 2", soci::into(one); });
  BOOST_TEST(one == 2);
}

BOOST_AUTO_TEST_CASE(no_message_holds_a_value) {
  const std::string secret = "ql_0123456789abcdefghijABCDEFGHIJ012345";
  std::vector<db::Error> failures;
  owner.accounts().add(secret, "free");
  failures.push_back(error_of([&] { owner.accounts().add(secret, "free"); }));
  failures.push_back(error_of([&] { owner.accounts().add("x", secret); }));
  auto link = integration::new_link("s");
  link.url = secret + std::string(3000, 'x');
  failures.push_back(error_of([&] { web.links().insert(account, std::vector{link}); }));
  failures.push_back(failure("select '" + secret + "'::uuid"));
  failures.push_back(failure("select '" + secret + "'::bigint"));
  failures.push_back(
      error_of([&] { session.read("try it", [&](soci::session& s) { s << "select :a::uuid", soci::use(secret); }); }));
  for (const auto& failed : failures) {
    BOOST_TEST_MESSAGE(failed.sqlstate() << " " << failed.what());
    BOOST_TEST(std::string(failed.what()).find("0123456789") == std::string::npos);
  }
  db::Options options;
  options.url = "postgresql://user:" + secret + "@/x?nonsense=1";
  const auto unreadable = error_of([&] { db::connection_string(options); });
  BOOST_TEST(std::string(unreadable.what()).find("0123456789") == std::string::npos);
  options.url = "postgresql://user:" + secret + "@/x?host=/nowhere";
  const auto unreachable = error_of([&] { db::Database(options).check_ready(); });
  BOOST_CHECK(unreachable.kind() == db::ErrorKind::unavailable);
  BOOST_TEST(std::string(unreachable.what()).find("0123456789") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(urls_survive_the_way_through_soci) {
  auto options = database.options();
  options.application_name = "a 'name' with \"quotes\", = and \\";
  db::Database odd(options);
  BOOST_CHECK_NO_THROW(odd.check_ready());
  BOOST_TEST(
      database.sql(
          "select count(*) from pg_stat_activity where application_name = 'a ''name'' with \"quotes\", = and \\'") ==
      "1");
  options.url = "user=quietleaks_web dbname=" + database.name() + " host='" +
                options.url.substr(options.url.find("host=") + 5) + "'";
  db::Database keywords(options);
  BOOST_CHECK_NO_THROW(keywords.check_ready());
}

BOOST_AUTO_TEST_CASE(a_lost_race_is_run_again_and_given_up_in_the_end) {
  int runs = 0;
  const auto lose = [&](int times) {
    runs = 0;
    session.write("race", [&](soci::session& s) {
      if (++runs <= times) s << "do $$ begin raise exception 'lost' using errcode = '40001'; end $$";
    });
  };
  lose(2);
  BOOST_TEST(runs == 3);
  const auto error = error_of([&] { lose(100); });
  BOOST_CHECK(error.kind() == db::ErrorKind::retry);
  BOOST_TEST(runs == 4);
}

BOOST_AUTO_TEST_SUITE_END()
