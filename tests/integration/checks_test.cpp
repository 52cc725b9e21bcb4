// When links are due, what recording a check does, and what it must never do twice.
#include "db/checks.hpp"

#include <set>
#include <thread>

#include "app/base/ids.hpp"
#include "db/host_turns.hpp"
#include "tests/integration/fixture.hpp"

using db::LinkStatus;

namespace {

struct ChecksFixture : integration::Fixture {
  db::Database monitor{{.url = database.url("quietleaks_monitor"), .application_name = "monitor"}};
  const db::Uuid lease = base::random_uuid();

  std::vector<db::DueLink> take(int most = 100) { return monitor.checks().take_due(lease, most, 120); }

  static db::CheckResult result(const db::DueLink& link, LinkStatus status, bool confirmed = true) {
    db::CheckResult result{.account_id = link.account_id, .link_id = link.link_id, .check = {}, .due_in_ms = 3'600'000};
    result.check = {.id = base::random_uuid(),
                    .outcome = "conclusive",
                    .status = status,
                    .confirmed = confirmed,
                    .final_url = link.url,
                    .http_status = 200,
                    .duration_ms = 12,
                    .hops = "[]",
                    .evidence = "{}"};
    if (status == LinkStatus::broken) result.check.failure_mode = "not_found";
    return result;
  }

  void add(int count) { web.links().insert(account, integration::new_links(count, "c")); }
  int record(const std::vector<db::CheckResult>& results) { return monitor.checks().record(lease, results); }
  std::string sql(const std::string& statement) { return database.sql(statement); }
  std::string events(const std::string& type) { return sql("select count(*) from events where type = '" + type + "'"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(checks, ChecksFixture)

BOOST_AUTO_TEST_CASE(a_new_link_is_due_at_once_and_once_taken_nobody_elses) {
  add(3);
  const auto links = take();
  BOOST_REQUIRE(links.size() == 3u);
  BOOST_TEST(links[0].first);
  BOOST_TEST(links[0].interval_s == 3600);
  BOOST_TEST((links[0].status == LinkStatus::pending));
  BOOST_TEST(take().empty());
  sql("update link_watch set due_at = now() - interval '1 second'");  // the lease ran out
  BOOST_TEST(take().size() == 3u);
}

BOOST_AUTO_TEST_CASE(recording_a_check_moves_it_on_and_tells_of_a_change_once) {
  add(1);
  auto link = take().at(0);
  BOOST_TEST(record({result(link, LinkStatus::healthy)}) == 1);
  BOOST_TEST(sql("select status from links") == "healthy");
  BOOST_TEST(sql("select last_checked_at > now() - interval '5 seconds' from links") == "t");
  BOOST_TEST(sql("select due_at > now() + interval '59 minutes' and lease is null from link_watch") == "t");
  BOOST_TEST(events("link.status_changed") == "1");
  BOOST_TEST(sql("select count(*) from alerts") == "0");
  BOOST_TEST(sql("select actor_type from events where type = 'link.status_changed'") == "monitor");

  sql("update link_watch set due_at = now()");
  link = take().at(0);
  const auto broken = result(link, LinkStatus::broken);
  BOOST_TEST(record({broken}) == 1);
  BOOST_TEST(record({broken}) == 0);  // the same once more: another process's by now, or nobody's
  BOOST_TEST(sql("select status || ' ' || failure_mode from links") == "broken not_found");
  BOOST_TEST(events("link.status_changed") == "2");
  BOOST_TEST(sql("select kind from alerts") == "break");
  BOOST_TEST(sql("select count(*) from alerts join events on events.id = alerts.id and events.seq = event_seq where "
                 "changes->'status'->>'to' = 'broken'") == "1");
  BOOST_TEST(sql("select count(*) from checks join alerts on alerts.check_id = checks.id") == "1");

  sql("update link_watch set due_at = now()");
  BOOST_TEST(record({result(take().at(0), LinkStatus::slow)}) == 1);
  BOOST_TEST(sql("select string_agg(kind, ' ' order by event_seq) from alerts") == "break recovery");
  BOOST_TEST(sql("select failure_mode is null from links") == "t");
}

BOOST_AUTO_TEST_CASE(what_is_only_suspected_changes_nothing_but_the_watch) {
  add(1);
  record({result(take().at(0), LinkStatus::healthy)});
  sql("update link_watch set due_at = now()");
  auto suspected = result(take().at(0), LinkStatus::broken, false);
  suspected.suspected_status = LinkStatus::broken;
  suspected.suspected_mode = "soft_404";
  suspected.suspected_times = 1;
  suspected.due_in_ms = 0;
  BOOST_TEST(record({suspected}) == 1);
  BOOST_TEST(sql("select status from links") == "healthy");
  BOOST_TEST(events("link.status_changed") == "1");
  const auto again = take().at(0);
  BOOST_TEST((again.watch.suspected_status == LinkStatus::broken));
  BOOST_TEST(*again.watch.suspected_mode == "soft_404");
  BOOST_TEST(again.watch.suspected_times == 1);
}

BOOST_AUTO_TEST_CASE(a_result_of_what_has_changed_meanwhile_is_dropped) {
  add(3);
  const auto links = take();
  sql("update links set url = 'https://elsewhere.example/' where id = '" + base::format_uuid(links[0].link_id) + "'");
  sql("delete from links where id = '" + base::format_uuid(links[1].link_id) + "'");
  BOOST_TEST(record({result(links[0], LinkStatus::broken), result(links[1], LinkStatus::broken),
                     result(links[2], LinkStatus::healthy)}) == 1);
  BOOST_TEST(sql("select string_agg(status, ' ' order by status) from links") == "healthy pending");
  BOOST_TEST(take().size() == 1u);  // the one that leads elsewhere now
}

BOOST_AUTO_TEST_CASE(a_baseline_is_kept_unless_a_person_said_otherwise) {
  add(1);
  auto found = result(take().at(0), LinkStatus::healthy);
  found.baseline_url = "https://shop.example/one";
  record({found});
  sql("update link_watch set due_at = now()");
  auto link = take().at(0);
  BOOST_TEST(*link.watch.baseline_url == "https://shop.example/one");
  BOOST_TEST(!link.watch.baseline_accepted);
  found.check.id = base::random_uuid();
  found.baseline_url = std::nullopt;
  record({found});
  BOOST_TEST(sql("select baseline_url from link_watch") == "https://shop.example/one");
  sql("update link_watch set due_at = now(), baseline_accepted = true");
  take();
  found.check.id = base::random_uuid();
  found.baseline_url = "https://shop.example/two";
  record({found});
  BOOST_TEST(sql("select baseline_url from link_watch") == "https://shop.example/one");
}

BOOST_AUTO_TEST_CASE(people_come_first_and_routine_is_not_starved_by_new_links) {
  add(60);
  sql("update link_watch set urgency = 0, due_at = now() - interval '1 hour' where link_id in (select id from links "
      "limit 30)");
  int wait = 0;
  const auto id = *base::parse_uuid(sql("select id from links limit 1 offset 45"));
  BOOST_TEST((web.checks().request(account, id, wait) == db::CheckRequest::taken));
  BOOST_TEST((web.checks().request(account, id, wait) == db::CheckRequest::too_soon));
  BOOST_TEST(wait > 55);
  BOOST_TEST(wait <= 60);
  BOOST_TEST((web.checks().request(account, base::random_uuid(), wait) == db::CheckRequest::no_such_link));
  const auto links = take(20);
  BOOST_TEST(links.size() == 21u);
  BOOST_TEST((links[0].link_id == id));
  BOOST_TEST(
      sql("select string_agg(n::text, ' ' order by urgency) from (select urgency, count(*) as n from link_watch where "
          "lease is not null group by 1) as taken") == "10 10 1");
}

BOOST_AUTO_TEST_CASE(the_backlog_is_what_is_due) {
  add(3);
  sql("update link_watch set due_at = now() - interval '20 minutes' where link_id = (select min(id::text)::uuid from "
      "links)");
  const auto backlog = monitor.checks().backlog(100);
  BOOST_TEST(backlog.links == 3);
  BOOST_TEST(backlog.oldest_s >= 1200);
  take();
  BOOST_TEST(monitor.checks().backlog(100).links == 0);
  BOOST_TEST(monitor.checks().backlog(100).oldest_s == 0);
}

BOOST_AUTO_TEST_CASE(paused_links_are_checked_only_when_asked_for) {
  add(1);
  sql("update link_watch set paused = true, due_at = 'infinity'");
  BOOST_TEST(take().empty());
  int wait = 0;
  const auto id = *base::parse_uuid(sql("select id from links"));
  web.checks().request(account, id, wait);
  const auto links = take();
  BOOST_REQUIRE(links.size() == 1u);
  record({result(links[0], LinkStatus::healthy)});
  BOOST_TEST(sql("select due_at = 'infinity' from link_watch") == "t");
}

BOOST_AUTO_TEST_CASE(monitors_share_the_work) {
  add(500);
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::multiset<db::Uuid> taken;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      db::Database other({.url = database.url("quietleaks_monitor"), .application_name = "monitor"});
      const auto own = base::random_uuid();
      for (;;) {
        const auto links = other.checks().take_due(own, 20, 120);
        if (links.empty()) return;
        std::vector<db::CheckResult> results;
        for (const auto& link : links) results.push_back(result(link, LinkStatus::broken));
        BOOST_TEST(other.checks().record(own, results) == static_cast<int>(links.size()));
        const std::lock_guard guard(mutex);
        for (const auto& link : links) taken.insert(link.link_id);
      }
    });
  for (auto& thread : threads) thread.join();
  BOOST_TEST(taken.size() == 500u);
  BOOST_TEST(std::set<db::Uuid>(taken.begin(), taken.end()).size() == 500u);
  BOOST_TEST(events("link.status_changed") == "500");
  BOOST_TEST(sql("select count(*) from alerts") == "500");
}

BOOST_AUTO_TEST_CASE(checks_are_listed_newest_first_as_long_as_the_plan_says) {
  add(2);
  for (int i = 0; i < 5; ++i) {
    sql("update link_watch set due_at = now()");
    std::vector<db::CheckResult> results;
    for (const auto& link : take()) results.push_back(result(link, LinkStatus::healthy));
    record(results);
  }
  const auto id = *base::parse_uuid(sql("select id from links limit 1"));
  const auto all = *web.checks().page(account, id, std::nullopt, 10);
  BOOST_REQUIRE(all.checks.size() == 5u);
  BOOST_TEST(!all.more);
  const auto first = *web.checks().page(account, id, std::nullopt, 2);
  BOOST_TEST(first.more);
  const auto second = *web.checks().page(account, id, first.checks[1].id, 2);
  BOOST_TEST((second.checks[0].id == all.checks[2].id));
  BOOST_TEST((second.checks[1].id == all.checks[3].id));
  BOOST_TEST(!web.checks().page(account, base::random_uuid(), std::nullopt, 2).has_value());
  BOOST_TEST(!web.checks().page(account, id, base::random_uuid(), 2).has_value());
  const auto other = owner.accounts().add("Other Agency", "agency").id;
  BOOST_TEST(!web.checks().page(other, id, std::nullopt, 2).has_value());
}

BOOST_AUTO_TEST_CASE(old_days_of_checks_are_dropped_and_coming_ones_made) {
  BOOST_TEST(monitor.checks().ensure_partitions(5) == 2);  // the migration made up to the third
  BOOST_TEST(monitor.checks().ensure_partitions(5) == 0);
  BOOST_TEST(monitor.checks().drop_old_partitions(10) == 0);
  sql("select ensure_check_partitions(current_date - 40, current_date - 31)");
  BOOST_TEST(monitor.checks().drop_old_partitions(4) == 4);
  BOOST_TEST(monitor.checks().drop_old_partitions(100) == 6);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(monitors_at_work, ChecksFixture)

BOOST_AUTO_TEST_CASE(a_monitor_is_at_work_while_it_says_so) {
  const auto id = base::random_uuid(), other = base::random_uuid();
  const auto at_work = [&] { return web.monitors().at_work(); };
  BOOST_TEST(at_work().empty());
  monitor.monitors().report(id, {.host = "watch1", .checks_per_minute = 30, .reaches_nobody = true});
  monitor.monitors().report(other, {.host = "watch2", .checks_per_minute = 0, .reaches_nobody = false});
  sql("update monitors set reaches_nobody_since = now() - interval '90 seconds' where host = 'watch1'");
  monitor.monitors().report(id, {.host = "watch1", .checks_per_minute = 31, .reaches_nobody = true});
  BOOST_REQUIRE(at_work().size() == 2u);
  BOOST_TEST(at_work()[0].host == "watch1");
  BOOST_TEST(at_work()[0].checks_per_minute == 31);
  BOOST_TEST(at_work()[0].reaches_nobody_s.value_or(0) >= 90);
  BOOST_TEST(!at_work()[1].reaches_nobody_s.has_value());
  monitor.monitors().report(id, {.host = "watch1", .checks_per_minute = 31, .reaches_nobody = false});
  BOOST_TEST(!at_work()[0].reaches_nobody_s.has_value());

  monitor.monitors().end(other);
  BOOST_TEST(at_work().size() == 1u);
  sql("update monitors set seen_at = now() - interval '2 minutes'");
  BOOST_TEST(at_work().empty());
  BOOST_TEST(monitor.monitors().forget_old() == 0);
  sql("update monitors set seen_at = now() - interval '25 hours'");
  BOOST_TEST(monitor.monitors().forget_old() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(host_turns, ChecksFixture)

BOOST_AUTO_TEST_CASE(a_host_is_asked_at_most_so_often_by_all_together) {
  const db::HostLimits limits{.at_once = 2, .gap_ms = 0, .lasting_s = 30};
  auto granted = monitor.host_turns().take(std::vector<db::HostWish>{{"a.example", 5}, {"b.example", 1}}, limits);
  BOOST_REQUIRE(granted.size() == 2u);
  BOOST_TEST(granted[0].count == 2);
  BOOST_TEST(granted[1].count == 1);
  db::Database other({.url = database.url("quietleaks_monitor"), .application_name = "monitor"});
  const std::vector<db::HostWish> wish{{"a.example", 1}};
  BOOST_TEST(other.host_turns().take(wish, limits).at(0).count == 0);
  BOOST_TEST(other.host_turns().take(wish, limits).at(0).again_ms > 0);
  monitor.host_turns().give_back(std::vector<db::HostReturn>{{"a.example", 1, 0}});
  BOOST_TEST(other.host_turns().take(wish, limits).at(0).count == 1);
}

BOOST_AUTO_TEST_CASE(requests_to_a_host_keep_their_distance) {
  const db::HostLimits limits{.at_once = 10, .gap_ms = 300, .lasting_s = 30};
  const std::vector<db::HostWish> wish{{"a.example", 5}};
  BOOST_TEST(monitor.host_turns().take(wish, limits).at(0).count == 1);
  const auto denied = monitor.host_turns().take(wish, limits).at(0);
  BOOST_TEST(denied.count == 0);
  BOOST_TEST(denied.again_ms > 100);
  BOOST_TEST(denied.again_ms <= 300);
  std::this_thread::sleep_for(std::chrono::milliseconds(denied.again_ms + 5));
  BOOST_TEST(monitor.host_turns().take(wish, limits).at(0).count == 1);
}

BOOST_AUTO_TEST_CASE(a_host_that_asked_for_peace_has_it) {
  const db::HostLimits limits{.at_once = 10, .gap_ms = 0, .lasting_s = 30};
  const std::vector<db::HostWish> wish{{"a.example", 1}};
  monitor.host_turns().take(wish, limits);
  monitor.host_turns().give_back(std::vector<db::HostReturn>{{"a.example", 1, 20'000}});
  const auto denied = monitor.host_turns().take(wish, limits).at(0);
  BOOST_TEST(denied.count == 0);
  BOOST_TEST(denied.again_ms > 19'000);
}

BOOST_AUTO_TEST_CASE(turns_of_the_dead_end_by_themselves) {
  const db::HostLimits limits{.at_once = 1, .gap_ms = 0, .lasting_s = 1};
  const std::vector<db::HostWish> wish{{"a.example", 1}};
  BOOST_TEST(monitor.host_turns().take(wish, limits).at(0).count == 1);
  BOOST_TEST(monitor.host_turns().take(wish, limits).at(0).count == 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(1050));
  BOOST_TEST(monitor.host_turns().take(wish, limits).at(0).count == 1);
}

BOOST_AUTO_TEST_SUITE_END()
