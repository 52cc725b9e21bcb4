// quietleaks clicks recount: every kind of wrong counter is found, told and, if asked, put right; right ones are left
// alone; Ctrl-C ends it between two steps.
#include <chrono>
#include <csignal>
#include <thread>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "db/database.hpp"
#include "tests/integration/fixture.hpp"
#include "tests/integration/operator.hpp"
#include "tests/support/json_match.hpp"

namespace {

using integration::contains;
using integration::expect_json;
using integration::Operator;
using integration::Outcome;

// Two accounts whose links were clicked on today, yesterday and 29 days ago.
struct ClickedAgencies : Operator {
  db::Database owner{database.options("quietleaks")};
  db::Database counter{database.options("quietleaks_clicks")};
  const db::DayNumber today = base::day_number(base::unix_seconds());
  const db::Uuid demo = owner.accounts().add("Demo Agency", "agency").id;
  const db::Uuid other = owner.accounts().add("Other Agency", "free").id;
  const db::Uuid link = add_clicked_link(demo, "demo");
  const db::Uuid other_link = add_clicked_link(other, "other");

  db::Uuid add_clicked_link(const db::Uuid& account, const std::string& slug) {
    const std::vector<db::NewLink> rows{integration::new_link(slug)};
    const db::Uuid id = *owner.links().insert(account, rows)[0].id;
    std::vector<db::Click> batch;
    for (const db::DayNumber day : {today, today - 1, today - 29})
      for (const std::uint64_t visitor : {1, 1, 2, 3})
        batch.push_back({.id = base::random_uuid(),
                         .account_id = account,
                         .link_id = id,
                         .time_us = day * 86400LL * 1000000,
                         .visitor = visitor,
                         .bot = visitor == 3,
                         .referrer_host = {}});
    const db::SegmentProgress progress{base::random_uuid(), 0, static_cast<std::int64_t>(batch.size())};
    counter.clicks().flush(base::random_uuid(), batch, {&progress, 1}, today);
    return id;
  }

  // One wrong number, of Demo Agency: told as exactly that, put right on request, and then all is right.
  void expect_miscount(const std::string& damage, const std::string& what, int stored, int right) {
    BOOST_TEST_CONTEXT(damage) {
      database.sql(damage);
      const std::string row = R"({"account":"Demo Agency","account_id":")" + base::format_uuid(demo) +
                              R"(","link_id":")" + base::format_uuid(link) + R"(","what":")" + what + R"(","stored":)" +
                              std::to_string(stored) + R"(,"counted":)" + std::to_string(right) + "}";
      const auto report = [&](const char* fixed) {
        return R"({"accounts":2,"links":2,"wrong":1,"fixed":)" + std::string(fixed) + R"(,"miscounts":[)" + row + "]}";
      };
      const Outcome found = run({"clicks", "recount", "--json"});
      BOOST_TEST(found.exit_code == 1);
      expect_json(report("false"), found.out);
      BOOST_TEST(found.err.empty());
      expect_json(report("true"), json({"clicks", "recount", "--fix"}));
      expect_json(R"({"accounts":2,"links":2,"wrong":0,"fixed":false,"miscounts":[]})", json({"clicks", "recount"}));
    }
  }

  std::string date(db::DayNumber day) const { return base::format_utc(std::int64_t{day} * 86400).substr(0, 10); }
  std::string of_link() const { return " where link_id = '" + base::format_uuid(link) + "' and day = '"; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cli_clicks, ClickedAgencies)

BOOST_AUTO_TEST_CASE(right_counters_are_said_to_be_right_and_left_alone) {
  const auto versions = [&] {
    return database.sql(
        "select string_agg(xmin::text, ' ') from (select xmin from links union all select xmin from "
        "link_clicks_daily) as rows");
  };
  const std::string before = versions();
  const Outcome all = run({"clicks", "recount"});
  BOOST_TEST(all.exit_code == 0);
  BOOST_TEST(all.out == "2 links of 2 accounts recounted: every counter is right.\n");
  BOOST_TEST(run({"clicks", "recount", "--fix"}).exit_code == 0);
  BOOST_TEST(versions() == before);
  BOOST_TEST(owner.links().find(demo, link, today)->clicks_30d == 9);
}

BOOST_AUTO_TEST_CASE(each_kind_of_miscount_is_found_and_put_right) {
  const std::string daily = "update link_clicks_daily set ";
  const std::string on = of_link() + date(today - 1) + "'";
  const std::string of_day = " of " + date(today - 1);
  expect_miscount(daily + "bots = bots + 5" + on, "bots" + of_day, 6, 1);
  expect_miscount(daily + "uniques = 0" + on, "uniques" + of_day, 0, 2);
  expect_miscount("update links set clicks_30d = 1000 where slug = 'demo'", "clicks_30d", 1000, 9);
  expect_miscount("update links set clicks_until = 'infinity' where slug = 'demo'", "clicks_30d on " + date(today + 1),
                  9, 6);
}

BOOST_AUTO_TEST_CASE(wrong_people_of_a_day_show_in_the_window_too) {
  database.sql("update link_clicks_daily set humans = 10" + of_link() + date(today - 1) + "'");
  const Outcome found = run({"clicks", "recount"});
  BOOST_TEST(found.exit_code == 1);
  BOOST_TEST(contains(found.out, "humans of " + date(today - 1) + "      10        3\n"), found.out);
  BOOST_TEST(contains(found.out, "clicks_30d                 9       16\n"), found.out);
  BOOST_TEST(contains(found.out, "2 links of 2 accounts recounted: 2 numbers wrong.\n"), found.out);
  BOOST_TEST(contains(found.err, "--fix"));
  const Outcome fixed = run({"clicks", "recount", "--fix"});
  BOOST_TEST(fixed.exit_code == 0);
  BOOST_TEST(contains(fixed.out, "1 number put right."), fixed.out);
  BOOST_TEST(fixed.err.empty());
  BOOST_TEST(run({"clicks", "recount"}).exit_code == 0);
  BOOST_TEST(owner.links().find(demo, link, today)->clicks_30d == 9);
}

BOOST_AUTO_TEST_CASE(clicks_without_their_counters_are_found) {
  database.sql("delete from link_clicks_daily");
  BOOST_TEST(contains(run({"clicks", "recount"}).out, "20 numbers wrong"));  // 3 numbers of 3 days, and the window
  BOOST_TEST(run({"clicks", "recount", "--fix"}).exit_code == 0);
  BOOST_TEST(run({"clicks", "recount"}).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(one_account_is_recounted_by_name_or_id) {
  database.sql("update links set clicks_30d = 0 where slug = 'other'");
  BOOST_TEST(contains(run({"clicks", "recount", "--account", "Demo Agency"}).out, "1 link of 1 account"));
  const Outcome wrong = run({"clicks", "recount", "--account", base::format_uuid(other)});
  BOOST_TEST(wrong.exit_code == 1);
  BOOST_TEST(contains(wrong.out, base::format_uuid(other_link)));
  for (const char* nobody : {"Nobody", ""}) {
    const Outcome unknown = run({"clicks", "recount", "--account", nobody, "--json"});
    BOOST_TEST(unknown.exit_code == 1);
    BOOST_TEST(unknown.out.empty());
    expect_json(R"({"error":{"code":"account_not_found","message":"$text","hint":"$text"}})", unknown.err);
  }
}

BOOST_AUTO_TEST_CASE(services_may_prove_and_the_one_that_counts_may_put_right) {
  database.sql("update link_clicks_daily set bots = 9");
  environment[0] = "QL_DATABASE_URL=" + database.url("quietleaks_web");
  BOOST_TEST(contains(run({"clicks", "recount"}).out, "6 numbers wrong"));
  const Outcome refused = run({"clicks", "recount", "--fix", "--json"});
  BOOST_TEST(refused.exit_code == 1);
  BOOST_TEST(integration::json_text(refused.err, "code") == "permission_denied");
  environment[0] = "QL_DATABASE_URL=" + database.url("quietleaks_clicks");
  BOOST_TEST(contains(run({"clicks", "recount", "--fix"}).out, "6 numbers put right"));
  BOOST_TEST(run({"clicks", "recount"}).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_it_between_two_steps) {
  owner.links().insert(demo, integration::new_links(600));
  database.sql("update links set clicks_30d = 7, clicks_day = '" + date(today) + "' where slug like 's%'");
  support::PlainSession flush(database.url());
  flush.sql("select pg_advisory_lock(hashtext('quietleaks clicks'))");
  auto recount = start({"clicks", "recount", "--fix", "--json"});
  while (database.sql("select count(*) from pg_locks where locktype = 'advisory' and not granted") == "0")
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  kill(recount.pid(), SIGINT);
  flush.sql("select pg_advisory_unlock(hashtext('quietleaks clicks'))");
  const Outcome outcome = recount.wait();
  BOOST_TEST(outcome.exit_code == 1);
  BOOST_TEST(outcome.out.empty());
  BOOST_TEST(integration::json_text(outcome.err, "code") == "interrupted");
  BOOST_TEST(contains(outcome.err, "behind 250 of 602 links"), outcome.err);
  const auto left = std::stoi(database.sql("select count(*) from links where clicks_30d = 7"));
  BOOST_TEST(left >= 350);  // what was put right stays so, the rest was not begun
  BOOST_TEST(left < 600);
}

BOOST_AUTO_TEST_SUITE_END()
