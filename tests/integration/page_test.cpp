// Pages of links, against the plainest query that says the same.
#include <chrono>
#include <random>
#include <thread>

#include "app/base/clock.hpp"
#include "tests/integration/fixture.hpp"

using db::LinkPageQuery;

namespace {

struct PageFixture : integration::Fixture {
  const db::DayNumber today = base::day_number(base::unix_seconds());

  LinkPageQuery query(std::int64_t offset, int limit) const {
    return {.account_id = account, .limit = limit, .offset = offset, .starting_after = {}, .today = today};
  }

  // `count` links at few distinct times, so that many are equal and the id decides.
  void fill(int count, int distinct_times) {
    std::mt19937 random(42);
    auto links = integration::new_links(count);
    for (auto& link : links)
      link.created_at = 1'700'000'000 + static_cast<int>(random() % static_cast<unsigned>(distinct_times));
    web.links().insert(account, links);
  }

  std::string naive(std::int64_t offset, int limit) const {
    return database.sql(
        "select string_agg(id::text, ' ' order by place) from (select id, row_number() over () as place from "
        "(select id from links where account_id = '" +
        account_text() + "' order by created_at desc, id desc limit " + std::to_string(limit) + " offset " +
        std::to_string(offset) + ") as page) as numbered");
  }
};

std::string ids(const db::LinkPage& page) {
  std::string text;
  for (const auto& link : page.links) text += (text.empty() ? "" : " ") + base::format_uuid(link.id);
  return text;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(page, PageFixture)

BOOST_AUTO_TEST_CASE(equals_a_naive_query_at_every_depth) {
  fill(2000, 300);
  for (const int limit : {1, 3, 100, 500})
    for (const std::int64_t offset :
         {0, 1, 99, 205, 207, 799, 801, 999, 1000, 1001, 1500, 1899, 1900, 1901, 1999, 2000, 2001, 5000}) {
      const auto page = web.links().page(query(offset, limit));
      BOOST_TEST_CONTEXT("offset " << offset << ", limit " << limit) {
        BOOST_TEST(ids(*page) == naive(offset, limit));
        BOOST_TEST(page->total == 2000);
        BOOST_TEST(page->more == (offset + limit < 2000));
      }
    }
}

BOOST_AUTO_TEST_CASE(an_offset_may_be_any_number) {
  fill(10, 10);
  for (const std::int64_t offset : {std::int64_t{10}, std::int64_t{1} << 40, INT64_MAX}) {
    const auto page = web.links().page(query(offset, 500));
    BOOST_TEST(page->links.empty());
    BOOST_TEST(page->total == 10);
    BOOST_TEST(!page->more);
  }
}

BOOST_AUTO_TEST_CASE(a_cursor_walks_all_links_once_and_in_order) {
  fill(1000, 50);
  std::string walked;
  auto next = query(0, 37);
  int pages = 0;
  for (bool more = true; more; ++pages) {
    const auto page = web.links().page(next);
    walked += (walked.empty() ? "" : " ") + ids(*page);
    next.starting_after = page->links.back().id;
    more = page->more;
  }
  BOOST_TEST(pages == 28);
  BOOST_TEST(walked == naive(0, 1000));
  const auto beyond = web.links().page(next);
  BOOST_TEST(beyond->links.empty());
  BOOST_TEST(!beyond->more);
}

BOOST_AUTO_TEST_CASE(a_cursor_that_is_no_link_of_the_account_is_told_apart) {
  fill(5, 5);
  auto unknown = query(0, 10);
  unknown.starting_after = base::random_uuid();
  BOOST_TEST(!web.links().page(unknown).has_value());
  const auto other = owner.accounts().add("Other Agency", "agency").id;
  const auto foreign = web.links().insert(other, integration::new_links(1, "foreign"));
  unknown.starting_after = *foreign[0].id;
  BOOST_TEST(!web.links().page(unknown).has_value());
}

BOOST_AUTO_TEST_CASE(the_version_tells_whether_a_page_would_be_the_same) {
  fill(9, 9);
  BOOST_TEST((web.links().version(account) == web.links().page(query(0, 10))->version));
  const auto before = web.links().version(account);
  database.sql("update links set status = 'broken' where slug = 's1'");
  BOOST_TEST((web.links().version(account) != before));
  BOOST_TEST((web.links().version(account) == web.links().page(query(5, 10))->version));
  BOOST_TEST(!web.links().version(base::random_uuid()).has_value());
}

BOOST_AUTO_TEST_CASE(tenants_are_apart) {
  const auto mine = web.links().insert(account, integration::new_links(3, "mine"));
  const auto other = owner.accounts().add("Other Agency", "agency").id;
  web.links().insert(other, integration::new_links(4, "theirs"));
  BOOST_TEST(web.links().page(query(0, 100))->total == 3);
  auto theirs = query(0, 100);
  theirs.account_id = other;
  BOOST_TEST(web.links().page(theirs)->links.size() == 4u);
  BOOST_TEST(web.links().find(account, *mine[0].id, today).has_value());
  BOOST_TEST(!web.links().find(other, *mine[0].id, today).has_value());
}

BOOST_AUTO_TEST_CASE(an_unknown_account_has_no_links) {
  auto nobody = query(0, 100);
  nobody.account_id = base::random_uuid();
  const auto page = web.links().page(nobody);
  BOOST_TEST(page->total == 0);
  BOOST_TEST(page->links.empty());
}

BOOST_AUTO_TEST_CASE(every_member_comes_back_as_it_went_in) {
  const auto added =
      web.links().insert(account, std::vector<db::NewLink>{{.label = "Best \"USB\" \\ Microphone, größer {2026} 🎤",
                                                            .url = "https://shareasale.com/r/product/1234?a=b&c='d'",
                                                            .program = std::nullopt,
                                                            .slug = "aB-_9",
                                                            .tags = {"a,b", "NULL", "", "\"q\""},
                                                            .created_at = 1'768'471'200,
                                                            .fallback_url = "https://example.com/näher"}});
  auto link = web.links().find(account, *added[0].id, today);
  BOOST_TEST(link->label == "Best \"USB\" \\ Microphone, größer {2026} 🎤");
  BOOST_TEST(link->url == "https://shareasale.com/r/product/1234?a=b&c='d'");
  BOOST_TEST(link->slug == "aB-_9");
  BOOST_TEST(!link->program.has_value());
  BOOST_CHECK(link->status == db::LinkStatus::pending);
  BOOST_TEST(!link->last_checked_at.has_value());
  BOOST_TEST(link->created_at == 1'768'471'200);
  const std::vector<std::string> tags = {"a,b", "NULL", "", "\"q\""};
  BOOST_TEST(link->tags == tags);
  BOOST_TEST(*link->fallback_url == "https://example.com/näher");
  BOOST_TEST(!link->failure_mode.has_value());
  for (const auto& [word, status] : {std::pair{"healthy", db::LinkStatus::healthy},
                                     {"broken", db::LinkStatus::broken},
                                     {"redirected", db::LinkStatus::redirected},
                                     {"slow", db::LinkStatus::slow}}) {
    database.sql(
        std::string("update links set last_checked_at = '1969-12-31T23:59:59.5Z', program = 'Impact', status = '") +
        word + "'");
    link = web.links().find(account, *added[0].id, today);
    BOOST_CHECK(link->status == status);
  }
  database.sql("update links set failure_mode = 'dns', tags = '{}', fallback_url = null");
  link = web.links().page(query(0, 10))->links.at(0);
  BOOST_TEST(link->tags.empty());
  BOOST_TEST(!link->fallback_url.has_value());
  BOOST_TEST(*link->failure_mode == "dns");
  BOOST_TEST(*link->last_checked_at == -1);
  BOOST_TEST(*link->program == "Impact");
}

BOOST_AUTO_TEST_CASE(clicks_are_right_on_every_day_with_and_without_the_counter) {
  const auto id = *web.links().insert(account, integration::new_links(1))[0].id;
  // Bit n: the clicks of day n, so that every sum tells which days it took.
  database.sql(
      "insert into link_clicks_daily (account_id, link_id, day, humans, bots) "
      "select account_id, id, date '2026-01-01' + n, 1::bigint << n, 999 from links, generate_series(0, 40) n");
  const db::DayNumber first = 20454;  // 2026-01-01
  for (db::DayNumber day = first - 1; day <= first + 80; ++day) {
    std::int64_t expected = 0;
    for (int n = 0; n <= 40; ++n)
      if (first + n <= day && first + n > day - 30) expected += std::int64_t{1} << n;
    BOOST_TEST(web.links().find(account, id, day)->clicks_30d == expected, "day " << day - first);
  }
  database.sql("update links set clicks_30d = 847, clicks_day = date '2026-01-01' + 10, clicks_until = null");
  BOOST_TEST(web.links().find(account, id, first + 10)->clicks_30d == 847);
  BOOST_TEST(web.links().find(account, id, first + 11)->clicks_30d == (1 << 12) - 1);
  auto page = query(0, 10);
  page.today = first + 10;
  BOOST_TEST(web.links().page(page)->links[0].clicks_30d == 847);
}

BOOST_AUTO_TEST_CASE(total_and_rows_belong_together_while_others_write) {
  fill(300, 300);
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    db::Database session(database.options());
    for (int i = 0; !stop; ++i) {
      session.links().insert(account, integration::new_links(7, "w" + std::to_string(i) + "_"));
      database.sql("delete from links where slug like 'w" + std::to_string(i) +
                   "\\_%' and right(slug, 1) in ('1', '2')");
    }
  });
  for (int i = 0; i < 300; ++i) {
    const auto whole = web.links().page(query(0, 500));
    BOOST_REQUIRE(static_cast<std::int64_t>(whole->links.size()) == std::min<std::int64_t>(whole->total, 500));
    const auto last = web.links().page(query(250, 1));  // deep, from the end as long as there are few
    BOOST_REQUIRE(last->links.size() == 1u);
  }
  stop = true;
  writer.join();
}

// The planner's choice in a new database, where both indexes look the same: the wrong one reads the whole account.
BOOST_AUTO_TEST_CASE(a_new_database_finds_links_by_their_primary_key) {
  support::PlainSession session(database.url());
  session.sql(
      "set plan_cache_mode = force_generic_plan; prepare one as select from links where account_id = $1 and id = $2");
  const auto plan = session.sql("explain (format json) execute one (gen_random_uuid(), gen_random_uuid())");
  BOOST_TEST(plan.find("links_pkey") != std::string::npos, plan);
}

BOOST_AUTO_TEST_SUITE_END()
