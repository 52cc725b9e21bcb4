// The demo's made-up clicks (scripts/demo) beside real ones: the counters are right, on the first day and on later
// ones.
#include <stdexcept>

#include "app/base/text.hpp"
#include "tests/integration/clicks_fixture.hpp"

namespace {

struct Demo : integration::ClicksFixture {
  const db::Uuid link = prepare();

  db::Uuid prepare() {
    const auto id = *owner.links().insert(account, {{integration::new_link("abc123")}})[0].id;
    owner.links().insert(account, integration::new_links(40));
    run_script("activity.sql");
    return id;
  }

  void run_script(const std::string& name) const { database.sql(base::read_file("scripts/demo/" + name, 1 << 20)); }

  void expect_right(std::int64_t of_example) {
    const auto wrong = miscounts(today);
    BOOST_TEST(wrong.empty(), wrong.size() << " miscounts, the first: " << (wrong.empty() ? "" : wrong[0].what));
    BOOST_TEST(clicks_30d(link, today) == of_example);
    BOOST_TEST(database.sql("select coalesce(sum(humans), 0) from link_clicks_daily where link_id = '" +
                            base::format_uuid(link) + "'") == std::to_string(of_example));
  }

  // As if all that was done so far had been done three days ago.
  void three_days_later() const {
    database.sql(
        "select ensure_click_partitions(800, current_date - 4, current_date); update clicks set day = day - 3; "
        "update click_days set day = day - 3; "
        "create temporary table days on commit drop as select * from link_clicks_daily; "
        "delete from link_clicks_daily; update days set day = day - 3; insert into link_clicks_daily select * from "
        "days; "
        "update links set clicks_day = clicks_day - 3, clicks_until = clicks_until - 3");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clicks_demo, Demo)

BOOST_AUTO_TEST_CASE(made_up_clicks_are_counted_right) {
  expect_right(847);
  BOOST_TEST(database.sql("select bool_and(uniques between 1 and humans) from link_clicks_daily") == "t");
  BOOST_TEST(database.sql("select count(*) > 0 from link_clicks_daily where day >= current_date") == "f");
  BOOST_TEST(database.sql("select sum(humans) > 847 from link_clicks_daily") == "t");
}

BOOST_AUTO_TEST_CASE(visitors_of_the_demo_are_counted_beside_them) {
  flush({click(link, today, 1), click(link, today, 2)}, today);
  expect_right(849);
  run_script("catch_up.sql");  // another run on the same day
  expect_right(849);
}

BOOST_AUTO_TEST_CASE(days_later_its_numbers_are_what_they_were) {
  const std::string all = all_days();
  flush({click(link, today, 1), click(link, today, 2)}, today);
  three_days_later();
  flush({click(link, today, 3)}, today);
  run_script("catch_up.sql");
  expect_right(848);
  database.sql("delete from link_clicks_daily where day = current_date");
  BOOST_TEST(all_days() == all);
  BOOST_TEST(database.sql(
                 "select max(day) = current_date - 1 and min(day) = current_date - 29 from link_clicks_daily") == "t");
}

BOOST_AUTO_TEST_SUITE_END()
