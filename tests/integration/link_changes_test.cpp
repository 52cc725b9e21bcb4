// What the link map is kept true by: every path of change is told, whatever order transactions commit in; and what
// cannot be told is known to be so.
#include "db/link_changes.hpp"

#include <algorithm>
#include <map>

#include <poll.h>

#include "tests/integration/fixture.hpp"

namespace {

using Targets = std::map<std::string, std::string>;

struct ChangesFixture : integration::Fixture {
  db::LinkChanges changes{database.options("quietleaks_clicks")};

  Targets take() {
    Targets targets;
    std::vector<db::SlugTarget> part;
    while (changes.next(part))
      for (const auto& target : part) targets[target.slug] = target.url;
    return targets;
  }

  db::SyncPoint now() {
    changes.begin_all();
    take();
    return changes.point();
  }

  Targets since(const db::SyncPoint& point) {
    BOOST_REQUIRE(changes.begin_changes(point));
    return take();
  }

  db::SyncPoint after(const std::string& statement) {
    const auto point = now();
    database.sql(statement);
    return point;
  }
};

const std::string kUrl = "https://shareasale.com/r/product/";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(link_changes, ChangesFixture)

BOOST_AUTO_TEST_CASE(all_slugs_come_in_the_order_of_their_bytes_with_whom_they_belong_to) {
  const auto ids = owner.links().insert(account, integration::new_links(3 * db::LinkChanges::kPart, "S"));
  owner.links().insert(account,
                       {{integration::new_link("_a"), integration::new_link("Z"), integration::new_link("a")}});
  changes.begin_all();
  std::vector<db::SlugTarget> part, all;
  while (changes.next(part)) {
    BOOST_TEST(part.size() <= static_cast<std::size_t>(db::LinkChanges::kPart));
    all.insert(all.end(), part.begin(), part.end());
  }
  BOOST_TEST(all.size() == ids.size() + 3);
  BOOST_TEST(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.slug < b.slug; }));
  BOOST_TEST(all.back().slug == "a");
  BOOST_CHECK(all.front().account_id == account);
  BOOST_CHECK(all.front().slug == "S0" && all.front().link_id == ids.front().id);
  BOOST_TEST(!changes.next(part));
}

BOOST_AUTO_TEST_CASE(every_path_of_change_is_told) {
  owner.links().insert(account, {{integration::new_link("a"), integration::new_link("b")}});
  BOOST_CHECK(since(now()).empty());
  BOOST_CHECK((since(after("update links set label = 'x', clicks_30d = 5")) == Targets{}));
  BOOST_CHECK((since(after("update links set url = 'https://new.example/' where slug = 'a'")) ==
               Targets{{"a", "https://new.example/"}}));
  BOOST_CHECK((since(after("update links set status = 'healthy'")) == Targets{}));
  BOOST_CHECK((since(after("update links set status = 'broken' where slug = 'b'")) == Targets{{"b", kUrl + "b"}}));
  BOOST_CHECK((since(after("update accounts set fallback_url = 'https://shop.example/'")) ==
               Targets{{"b", "https://shop.example/"}}));
  BOOST_CHECK((since(after("update links set fallback_url = 'https://own.example/' where slug = 'b'")) ==
               Targets{{"b", "https://own.example/"}}));
  BOOST_CHECK((since(after("update links set status = 'slow' where slug = 'b'")) == Targets{{"b", kUrl + "b"}}));
  BOOST_CHECK((since(after("update slugs set slug = 'c' where slug = 'b'")) == Targets{{"b", ""}, {"c", kUrl + "b"}}));
  BOOST_CHECK((since(after("delete from links where slug = 'a'")) == Targets{{"a", ""}}));
  BOOST_CHECK((since(after("delete from accounts")) == Targets{{"c", ""}}));
}

BOOST_AUTO_TEST_CASE(a_transaction_that_commits_late_is_not_missed) {
  owner.links().insert(account, {{integration::new_link("early")}});
  const auto other = owner.accounts().add("Other", "agency").id;  // changes of one account wait for each other
  owner.links().insert(other, {{integration::new_link("late")}});
  support::PlainSession late(database.url());
  late.sql("begin; update links set url = 'https://late.example/' where slug = 'late'");
  const auto before = after("update links set url = 'https://early.example/' where slug = 'early'");
  BOOST_CHECK((since(before) == Targets{{"early", "https://early.example/"}}));
  const auto between = changes.point();
  BOOST_CHECK(since(between).empty());
  late.sql("commit");
  BOOST_CHECK((since(between) == Targets{{"late", "https://late.example/"}}));
  BOOST_CHECK(since(changes.point()).empty());
}

BOOST_AUTO_TEST_CASE(a_reading_sees_one_snapshot_and_its_point_tells_the_rest) {
  owner.links().insert(account, integration::new_links(db::LinkChanges::kPart + 10, "s"));
  changes.begin_all();
  std::vector<db::SlugTarget> part;
  BOOST_REQUIRE(changes.next(part));
  database.sql("delete from links where slug = 's999'");
  owner.links().insert(account, {{integration::new_link("zz")}});
  const auto rest = take();
  BOOST_TEST(rest.count("s999") == 1U);
  BOOST_TEST(rest.count("zz") == 0U);
  BOOST_CHECK((since(changes.point()) == Targets{{"s999", ""}, {"zz", kUrl + "zz"}}));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_is_known) {
  const auto point = after("select 1");
  const auto space = point.find(' ');
  BOOST_TEST(changes.begin_changes(point));
  BOOST_TEST(!changes.begin_changes(""));
  BOOST_TEST(!changes.begin_changes("nonsense"));
  BOOST_TEST(!changes.begin_changes("1/2/3/4" + point.substr(space)));
  BOOST_TEST(!changes.begin_changes(point.substr(0, space + 1) + "99999999999:99999999999:"));  // of the future
  BOOST_TEST(!changes.begin_changes(point.substr(0, space + 1) + "'; drop table links"));
  support::PlainSession older(database.url());
  older.sql("begin; select pg_current_xact_id()");
  database.sql("truncate slugs");
  BOOST_TEST(!changes.begin_changes(point));
  BOOST_TEST(changes.begin_changes(now()));  // also while a transaction is open that began before
}

BOOST_AUTO_TEST_CASE(changes_of_a_day_ago_are_thrown_away_once_they_are_covered) {
  const auto before = now();
  owner.links().insert(account, integration::new_links(3, "s"));
  const auto point = now();
  BOOST_TEST(changes.prune(point));
  BOOST_TEST(database.sql("select count(*) from link_changes") == "3");
  database.sql("update link_changes set at = now() - interval '25 hours'");
  BOOST_TEST(changes.prune(before));
  BOOST_TEST(database.sql("select count(*) from link_changes") == "3");
  BOOST_TEST(changes.prune(point));
  BOOST_TEST(database.sql("select count(*) from link_changes") == "0");
  BOOST_TEST(!changes.begin_changes(before));
  BOOST_TEST(changes.begin_changes(point));
}

BOOST_AUTO_TEST_CASE(a_change_is_hinted_at_and_a_lost_connection_too) {
  now();
  BOOST_TEST(!changes.drain_hints());
  owner.links().insert(account, {{integration::new_link("a")}});
  pollfd watched{changes.socket(), POLLIN, 0};
  BOOST_TEST(poll(&watched, 1, 1000) == 1);
  BOOST_TEST(changes.drain_hints());
  BOOST_TEST(!changes.drain_hints());
  const auto point = now();
  support::PlainSession(support::Cluster::shared().url("postgres", "postgres"))
      .sql(
          "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'quietleaks_clicks' and datname = '" +
          database.name() + "'");
  BOOST_TEST(poll(&(watched = {changes.socket(), POLLIN, 0}), 1, 1000) == 1);
  BOOST_TEST(changes.drain_hints());
  BOOST_TEST(changes.socket() == -1);
  BOOST_TEST(changes.begin_changes(point));
}

BOOST_AUTO_TEST_SUITE_END()
