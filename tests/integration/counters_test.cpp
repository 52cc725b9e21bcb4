// account_counters: equal to a recount after any mixture of concurrent writers, and no deadlock on the way.
#include <atomic>
#include <random>
#include <thread>

#include "tests/integration/fixture.hpp"

using support::PlainSession;

namespace {

constexpr const char* kWrongCounters = R"sql(
select count(*) from account_counters counter
 where links_total <> (select count(*) from links where links.account_id = counter.account_id))sql";

constexpr const char* kRandomAccounts = "(select id from accounts order by random() limit 5)";

// Statements that touch several accounts at once, in no order.
std::string random_statement(std::mt19937& random) {
  const std::string accounts = kRandomAccounts;
  switch (random() % 4) {
    case 0:
    case 1:
      return "insert into links (account_id, label, url, slug) select id, 'l', 'https://x', 's' from accounts, "
             "generate_series(1, 3) where id in " +
             accounts + " order by random()";
    case 2:
      return "update links set status = 'healthy' where account_id in " + accounts + " and random() < 0.2";
    default:
      return "delete from links where account_id in " + accounts + " and random() < 0.2";
  }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(counters, integration::Fixture)

BOOST_AUTO_TEST_CASE(equal_a_recount_under_parallel_writers) {
  database.sql("insert into accounts (name) select 'account ' || i from generate_series(1, 20) i");
  std::atomic<int> statements = 0, failures = 0;
  std::vector<std::thread> writers;
  for (unsigned seed = 0; seed < 6; ++seed)
    writers.emplace_back([&, seed] {
      std::mt19937 random(seed);
      PlainSession session(database.url());
      for (int i = 0; i < 150; ++i) try {
          session.sql(random_statement(random));
          ++statements;
        } catch (const std::exception& error) {
          // Two statements may want the same links in opposite order: theirs to repeat. The counters are never the
          // cause.
          ++failures;
          if (std::string(error.what()).find("account_counters") != std::string::npos) throw;
        }
    });
  for (auto& writer : writers) writer.join();
  BOOST_TEST_MESSAGE(statements << " statements, " << failures << " lost a race for links");
  BOOST_TEST(statements > 500);
  BOOST_TEST(database.sql(kWrongCounters) == "0");
}

BOOST_AUTO_TEST_CASE(inserts_over_many_accounts_never_deadlock) {
  database.sql("insert into accounts (name) select 'account ' || i from generate_series(1, 20) i");
  std::atomic<int> failures = 0;
  std::vector<std::thread> writers;
  for (unsigned seed = 0; seed < 6; ++seed)
    writers.emplace_back([&] {
      PlainSession session(database.url());
      for (int i = 0; i < 100; ++i) try {
          session.sql(
              "insert into links (account_id, label, url, slug) select id, 'l', 'https://x', 's' from accounts "
              "order by random()");
        } catch (const std::exception& error) {
          ++failures;
        }
    });
  for (auto& writer : writers) writer.join();
  BOOST_TEST(failures == 0);
  BOOST_TEST(database.sql(kWrongCounters) == "0");
  BOOST_TEST(database.sql("select sum(links_total) from account_counters") == std::to_string(6 * 100 * 21));
}

BOOST_AUTO_TEST_CASE(every_change_of_a_link_changes_the_version) {
  const auto version = [&] { return database.sql("select links_version from account_counters"); };
  auto last = version();
  for (const std::string statement :
       {"insert into links (account_id, label, url, slug) select id, 'l', 'https://x', 's' from accounts",
        "update links set status = 'broken'", "update links set clicks_30d = 1", "delete from links"}) {
    database.sql(statement);
    const auto now = version();
    BOOST_TEST(now != last, statement);
    last = now;
  }
  BOOST_TEST(database.sql("select links_total from account_counters") == "0");
}

BOOST_AUTO_TEST_CASE(an_account_goes_with_all_that_it_owns) {
  web.links().insert(account, integration::new_links(10));
  web.keys().add(integration::new_key(account, 1));
  database.sql("delete from accounts");
  BOOST_TEST(database.sql("select (select count(*) from links) + (select count(*) from slugs) + "
                          "(select count(*) from account_counters) + (select count(*) from api_key_hashes)") == "0");
}

BOOST_AUTO_TEST_SUITE_END()
