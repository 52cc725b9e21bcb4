// The flush: every click once, whatever is repeated; counters equal to rows; clicks of links and accounts that are
// gone.
#include <thread>

#include "tests/integration/clicks_fixture.hpp"

using integration::ClicksFixture;

BOOST_FIXTURE_TEST_SUITE(clicks_flush, ClicksFixture)

BOOST_AUTO_TEST_CASE(counts_people_bots_and_visitors) {
  const auto links = add_links(2);
  std::vector<db::Click> batch = {click(links[0], today, 7),       click(links[0], today, 7),
                                  click(links[0], today, 8),       click(links[0], today, 0),
                                  click(links[0], today, 9, true), click(links[1], today, 7)};
  const auto result = flush(batch, today);
  BOOST_TEST(result.counted);
  BOOST_TEST(result.clicks == 6);
  BOOST_TEST(result.repeated == 0);
  BOOST_TEST(result.links_gone == 0);
  const auto days = *clicks.by_day(account, links[0], today - 2, today);
  BOOST_TEST(days.size() == 3U);
  BOOST_TEST(days[1].humans == 0);
  BOOST_TEST(days[2].day == today);
  BOOST_TEST(days[2].humans == 4);
  BOOST_TEST(days[2].bots == 1);
  BOOST_TEST(days[2].uniques == 2);
  BOOST_TEST(clicks_30d(links[0], today) == 4);
  BOOST_TEST(clicks_30d(links[1], today) == 1);
  BOOST_TEST(!clicks.by_day(account, base::random_uuid(), today, today));
  BOOST_TEST(miscounts(today).size() == 0U);
  BOOST_TEST(database.sql("select concat_ws('|', device, country, referrer_host, keep_days, "
                          "extract(epoch from clicked_at)::bigint % 86400) from clicks limit 1") ==
             "mobile|DE|blog.example|800|12");
}

BOOST_AUTO_TEST_CASE(a_visitor_is_new_once_a_day_over_several_flushes) {
  const auto link = add_links(1)[0];
  flush({click(link, today, 5, true)}, today);  // a bot of the same hash does not make the visitor old
  flush({click(link, today, 5), click(link, today, 5)}, today);
  flush({click(link, today, 5), click(link, today, 6), click(link, today - 1, 5)}, today);
  BOOST_TEST(all_days() == "5 1 3");
  BOOST_TEST(miscounts(today).size() == 0U);
}

BOOST_AUTO_TEST_CASE(repeated_requests_and_repeated_batches_count_once) {
  const auto link = add_links(1)[0];
  auto batch = std::vector<db::Click>{click(link, today, 1), click(link, today, 2)};
  batch.push_back(batch[0]);
  auto result = flush(batch, today);
  BOOST_TEST(result.clicks == 2);
  BOOST_TEST(result.repeated == 1);
  result = flush(batch, today);  // new records of the same requests
  BOOST_TEST(result.counted);
  BOOST_TEST(result.clicks == 0);
  BOOST_TEST(result.repeated == 3);
  position = 0;  // as after a lost reply to COMMIT
  result = flush({click(link, today, 3)}, today);
  BOOST_TEST(!result.counted);
  BOOST_TEST(clicks.positions(journal).at(0).to == 6);
  BOOST_TEST(clicks.positions(base::random_uuid()).size() == 0U);
  BOOST_TEST(all_days() == "2 0 2");
}

BOOST_AUTO_TEST_CASE(of_two_flushers_with_the_same_records_one_counts) {
  const auto links = add_links(50);
  for (int round = 0; round < 20; ++round) {
    std::vector<db::Click> batch;
    for (const auto& link : links) batch.push_back(click(link, today, 1));
    const db::SegmentProgress progress{segment, 50 * round, 50 * round + 50};
    std::atomic<int> counted = 0;
    std::vector<std::thread> flushers;
    for (int i = 0; i < 3; ++i)
      flushers.emplace_back([&] {
        db::Database session(database.options("quietleaks_clicks"));
        counted += session.clicks().flush(journal, batch, {&progress, 1}, today).counted;
      });
    for (auto& flusher : flushers) flusher.join();
    BOOST_TEST(counted == 1);
  }
  BOOST_TEST(all_days() == "1000 0 50");
  BOOST_TEST(miscounts(today).size() == 0U);
}

BOOST_AUTO_TEST_CASE(clicks_of_links_and_accounts_that_are_gone_are_kept_uncounted) {
  const auto links = add_links(2);
  auto stranger = click(links[0], today, 1);
  stranger.account_id = base::random_uuid();
  database.sql("delete from links where id = '" + base::format_uuid(links[1]) + "'");
  const auto result = flush({click(links[0], today, 1), click(links[1], today, 1), stranger}, today);
  BOOST_TEST(result.clicks == 3);
  BOOST_TEST(result.links_gone == 2);
  BOOST_TEST(database.sql("select count(*) from clicks") == "3");
  BOOST_TEST(all_days() == "1 0 1");
  BOOST_TEST(database.sql("select string_agg(keep_days::text, ' ' order by keep_days) from click_days") == "90 800");
}

BOOST_AUTO_TEST_CASE(a_change_of_plan_holds_from_the_next_day) {
  const auto link = add_links(1)[0];
  const auto first = click(link, today, 1);
  flush({first}, today);
  database.sql("update accounts set plan = 'free'");
  flush({first, click(link, today, 2), click(link, today + 1, 2)}, today + 1);
  BOOST_TEST(database.sql("select string_agg(keep_days || ':' || count, ' ' order by keep_days) from "
                          "(select keep_days, count(*) from clicks group by 1) as kept") == "90:1 800:2");
}

BOOST_AUTO_TEST_CASE(a_click_that_cannot_be_stored_leaves_everything_as_it_was) {
  const auto link = add_links(1)[0];
  auto bad = click(link, today, 1);
  bad.country = {'d', '!'};
  const auto error = integration::error_of([&] { flush({click(link, today, 1), bad}, today); });
  BOOST_CHECK(error.kind() == db::ErrorKind::invalid);
  BOOST_TEST(clicks.positions(journal).size() == 0U);
  BOOST_TEST(flush({click(link, today, 1)}, today).clicks == 1);
}

BOOST_AUTO_TEST_CASE(a_partition_that_was_dropped_meanwhile_is_made_again) {
  const auto link = add_links(1)[0];
  flush({click(link, today, 1)}, today);
  const auto table = database.sql("select tableoid::regclass from clicks");
  database.sql("drop table " + table);
  BOOST_TEST(flush({click(link, today, 1)}, today).clicks == 1);
  BOOST_TEST(database.sql("select count(*) from clicks") == "1");
}

BOOST_AUTO_TEST_CASE(old_days_are_dropped_and_no_miscounts_come_of_it) {
  const auto link = add_links(1)[0];
  flush({click(link, today - 801, 1), click(link, today - 800, 1), click(link, today, 1)}, today);
  BOOST_TEST(clicks.ensure_partitions(today, 3) == 5 * 3 - 1);
  BOOST_TEST(clicks.ensure_partitions(today, 3) == 0);
  BOOST_TEST(clicks.drop_old_partitions(today - 1, 100) == 0);
  BOOST_TEST(clicks.drop_old_partitions(today, 100) == 1);
  BOOST_TEST(clicks.drop_old_partitions(today + 100000, 100) == 0);  // the server's clock has a say
  BOOST_TEST(database.sql("select count(*) from clicks") == "2");
  BOOST_TEST(database.sql("select count(*) from click_days") == "2");
  BOOST_TEST(all_days() == "3 0 3");
  BOOST_TEST(miscounts(today).size() == 0U);
}

BOOST_AUTO_TEST_CASE(segments_are_forgotten_by_their_own_journal_only) {
  add_links(1);
  const db::SegmentProgress progress{segment, 0, 5};
  BOOST_TEST(clicks.flush(journal, {}, {&progress, 1}, today).counted);
  clicks.forget_segments(base::random_uuid(), {&segment, 1});
  BOOST_TEST(clicks.positions(journal).size() == 1U);
  clicks.forget_segments(journal, {&segment, 1});
  BOOST_TEST(clicks.positions(journal).size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
