// clicks_30d over days: midnight, downtime, clocks that jump, clicks that come late or early. "Today" is passed in. On
// every day that is looked at, what readers see equals plain sums over the days and over the clicks themselves.
#include <regex>
#include <sstream>

#include "db/link_statements.hpp"
#include "tests/integration/clicks_fixture.hpp"

namespace {

using integration::ClicksFixture;

struct Window : ClicksFixture {
  // "ID:CLICKS" of each link in the order of ids, as the list shows them.
  std::string seen(db::DayNumber day) {
    db::LinkPageQuery query;
    query.account_id = account;
    query.limit = 500;
    query.today = day;
    std::map<std::string, std::int64_t> clicks_of;
    const auto page = web.links().page(query);
    for (const auto& link : page->links) clicks_of[base::format_uuid(link.id)] = link.clicks_30d;
    std::ostringstream text;
    for (const auto& [id, number] : clicks_of) text << id << ':' << number << ' ';
    return text.str();
  }

  // The same from `rows`, a query of account_id, link_id, day, humans.
  std::string summed(const std::string& rows, db::DayNumber day) const {
    const std::string today_text = "date '" + base::format_day(day) + "'";
    return database.sql(
        "select string_agg(id || ':' || coalesce(humans, 0) || ' ', '' order by id::text) from links "
        "left join (select link_id, sum(humans) as humans from (" +
        rows + ") as rows where day between " + today_text + " - 29 and " + today_text +
        " group by 1) as sums on link_id = id");
  }

  void expect_right(db::DayNumber day) {
    BOOST_TEST_CONTEXT("day " << day - today) {
      const std::string page = seen(day);
      BOOST_TEST(page == summed("select link_id, day, humans from link_clicks_daily", day));
      BOOST_TEST(page == summed("select link_id, day, 1 as humans from clicks where not bot", day));
      const auto wrong = miscounts(day);
      BOOST_TEST(wrong.empty(), wrong.size() << " miscounts, the first: " << (wrong.empty() ? "" : wrong[0].what));
    }
  }

  int roll_all(db::DayNumber day) {
    int rolled = 0;
    for (int some = 2; some == 2; rolled += some) some = clicks.roll(day, 2);
    return rolled;
  }

  std::string links_without_counter(db::DayNumber day) const {
    return database.sql("select count(*) from links where date '" + base::format_day(day) +
                        "' between clicks_day and clicks_until is not true");
  }

  std::vector<db::Click> some(const db::Uuid& link, db::DayNumber day, int count) const {
    std::vector<db::Click> batch;
    for (int i = 0; i < count; ++i) batch.push_back(click(link, day, static_cast<std::uint64_t>(i + 1)));
    return batch;
  }
};

enum class Upkeep { daily, twice, never };

// Three links: one with clicks on days 0, 5 and 29, one with a click on day 5, one with none. From day 30 on nothing
// runs for `downtime` days; then the upkeep goes on for 40 days. Returns how many counters it brought up to date.
int live_through(int downtime, Upkeep upkeep) {
  Window w;
  const auto links = w.add_links(3);
  int rolled = 0;
  for (int n = 0; n < 30 + downtime + 40; ++n) {
    const db::DayNumber day = w.today + n;
    const bool up = n < 30 || n >= 30 + downtime;
    if (up && upkeep != Upkeep::never) {
      rolled += w.roll_all(day);
      BOOST_TEST(w.links_without_counter(day) == "0", "day " << n);
      if (upkeep == Upkeep::twice) BOOST_TEST(w.roll_all(day) == 0);
    }
    if (n == 0 || n == 5 || n == 29) w.flush(w.some(links[0], day, 100 + n), day);
    if (n == 5) w.flush(w.some(links[1], day, 1), day);
    if (up || n % 7 == 0) w.expect_right(day);
  }
  return rolled;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clicks_window, Window)

BOOST_AUTO_TEST_CASE(a_click_leaves_at_the_thirtieth_midnight) {
  const auto link = add_links(1)[0];
  flush(some(link, today, 4), today);
  for (db::DayNumber day = today; day < today + 30; ++day) BOOST_TEST(clicks_30d(link, day) == 4);
  BOOST_TEST(clicks.roll(today + 29, 10) == 0);
  BOOST_TEST(clicks_30d(link, today + 30) == 0);  // before anybody has rolled
  BOOST_TEST(clicks.roll(today + 30, 10) == 1);
  BOOST_TEST(clicks_30d(link, today + 30) == 0);
  BOOST_TEST(database.sql("select clicks_30d || ' ' || clicks_until from links") == "0 infinity");
}

// 4 changes: day 0 leaves the first link, day 5 both, day 29 the first. Nothing else is touched in 70 days.
BOOST_AUTO_TEST_CASE(upkeep_touches_a_link_when_one_of_its_days_leaves_and_never_else) {
  BOOST_TEST(live_through(0, Upkeep::daily) == 4);
}

BOOST_AUTO_TEST_CASE(upkeep_twice_a_day_is_as_good_as_once) {
  BOOST_TEST(live_through(0, Upkeep::twice) == 4);
}

BOOST_AUTO_TEST_CASE(without_upkeep_readers_sum_the_days) {
  BOOST_TEST(live_through(0, Upkeep::never) == 0);
}

BOOST_AUTO_TEST_CASE(downtime_of_days_is_made_good_by_the_next_upkeep) {
  BOOST_TEST(live_through(3, Upkeep::daily) == 4);   // missed: day 0, then days 5 and 29 as ever
  BOOST_TEST(live_through(28, Upkeep::daily) == 3);  // days 0 and 5 at once, of both links; then day 29
  BOOST_TEST(live_through(29, Upkeep::daily) == 2);  // all at once
  BOOST_TEST(live_through(30, Upkeep::twice) == 2);
  BOOST_TEST(live_through(31, Upkeep::daily) == 2);
  BOOST_TEST(live_through(100, Upkeep::daily) == 2);
}

BOOST_AUTO_TEST_CASE(clocks_that_jump_back_and_forth_leave_every_day_right) {
  const auto links = add_links(3);
  flush(some(links[0], today - 25, 3), today);
  flush(some(links[1], today, 2), today);
  for (const int jump : {0, -1, 0, -30, -29, 1, 0, 31, 0, 400, -3, 0}) {
    const db::DayNumber day = today + jump;
    expect_right(day);
    roll_all(day);
    for (const int look : {-31, -30, -29, -1, 0, 1, 2, 5, 29, 30, 31}) expect_right(day + look);
    flush({click(links[0], day, 9), click(links[2], day, 9)}, day);
    for (const int look : {-30, -1, 0, 1, 4, 5, 29, 30}) expect_right(day + look);
  }
  expect_right(today);
}

BOOST_AUTO_TEST_CASE(a_backlog_of_many_days_goes_to_the_days_of_its_clicks) {
  const auto links = add_links(2);
  flush(some(links[0], today, 5), today);
  std::vector<db::Click> backlog;
  for (const int late : {45, 31, 30, 29, 28, 3, 1, 0})
    for (const auto& one : some(links[0], today - late, late + 1)) backlog.push_back(one);
  flush(backlog, today);
  BOOST_TEST(clicks_30d(links[0], today) == 5 + 30 + 29 + 4 + 2 + 1);
  for (int n = 0; n < 35; ++n) {
    roll_all(today + n);
    BOOST_TEST(links_without_counter(today + n) == "0");
    expect_right(today + n);
    if (n == 10) flush({click(links[0], today - 21, 70), click(links[1], today + 9, 70)}, today + n);
  }
}

// nginx on another machine, whose clock is ahead.
BOOST_AUTO_TEST_CASE(clicks_of_a_day_to_come_count_when_it_has_come) {
  const auto links = add_links(2);
  flush({click(links[0], today, 1), click(links[0], today + 1, 1), click(links[1], today + 2, 1)}, today);
  BOOST_TEST(clicks_30d(links[0], today) == 1);
  BOOST_TEST(clicks_30d(links[1], today) == 0);
  for (int n = 0; n < 40; ++n) {
    expect_right(today + n);
    if (n % 2 == 1) roll_all(today + n);
    if (n == 20) flush({click(links[0], today + 21, 2), click(links[1], today + 20, 2)}, today + 20);
    expect_right(today + n);
  }
}

// In the plan of a page as it was run, the days are read once for each link whose counter does not hold, and only then.
BOOST_AUTO_TEST_CASE(the_list_reads_no_days_while_the_counters_hold) {
  const auto links = add_links(100);
  std::vector<db::Click> batch;
  for (const auto& link : links) batch.push_back(click(link, today, 1));
  batch.push_back(click(links[0], today - 29, 1));
  batch.push_back(click(links[1], today - 29, 1));
  flush(batch, today);

  support::PlainSession session(database.url("quietleaks_web"));
  session.sql(std::string("prepare page as ") + db::kShallowPage.sql);
  const auto reads_of_days = [&](db::DayNumber day) {
    const std::string plan = session.sql("explain (analyze, format json) execute page ('" + account_text() + "', '" +
                                         base::format_day(day) + "', 100, 0)");
    const std::regex loops(R"re("Relation Name": "link_clicks_daily"[^}]*?"Actual Loops": (\d+))re");
    std::smatch match;
    BOOST_REQUIRE_MESSAGE(std::regex_search(plan, match, loops), plan);
    return match[1].str();
  };
  BOOST_TEST(reads_of_days(today) == "0");
  BOOST_TEST(reads_of_days(today + 1) == "2");
  BOOST_TEST(clicks.roll(today + 1, 1000) == 2);
  BOOST_TEST(reads_of_days(today + 1) == "0");
  BOOST_TEST(reads_of_days(today + 29) == "0");
  BOOST_TEST(reads_of_days(today + 30) == "100");
}

BOOST_AUTO_TEST_SUITE_END()
