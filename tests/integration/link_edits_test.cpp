// Changes of single links, what they leave in the tables around them, and the plan's number of links.
#include <thread>

#include "tests/integration/fixture.hpp"

using integration::new_link;
using integration::new_links;

namespace {

struct EditsFixture : integration::Fixture {
  static constexpr db::DayNumber kToday = 20'000;

  db::Uuid add(const std::string& slug) { return *web.links().insert(account, {{new_link(slug)}})[0].id; }
  db::Link read(const db::Uuid& id) { return *web.links().find(account, id, kToday); }
  std::size_t added(const std::vector<db::Inserted>& rows) {
    return static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.id.has_value(); }));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(link_edits, EditsFixture)

BOOST_AUTO_TEST_CASE(every_member_is_stored_and_the_redirect_follows_the_slug) {
  auto link = read(add("old"));
  link.label = "Label \"größer\"";
  link.url = "https://example.com/new";
  link.slug = "New-1";
  link.program = std::nullopt;
  link.tags = {"a,b", "\"q\"", "NULL"};
  link.fallback_url = "https://example.com/else";
  BOOST_TEST(web.link_edits().store(account, link));
  const auto stored = read(link.id);
  BOOST_TEST(stored.label == link.label);
  BOOST_TEST(stored.url == link.url);
  BOOST_TEST(stored.slug == "New-1");
  BOOST_TEST(!stored.program.has_value());
  BOOST_TEST(stored.tags == link.tags);
  BOOST_TEST(*stored.fallback_url == "https://example.com/else");
  BOOST_TEST(!web.links().target("old").has_value());
  BOOST_TEST(web.links().target("New-1")->url == link.url);
}

BOOST_AUTO_TEST_CASE(a_slug_that_is_taken_changes_nothing) {
  add("taken");
  auto link = read(add("mine"));
  link.slug = "taken";
  link.label = "changed";
  BOOST_TEST(!web.link_edits().store(account, link));
  BOOST_TEST(read(link.id).label == "Link mine");
  BOOST_TEST(web.links().target("mine").has_value());
}

BOOST_AUTO_TEST_CASE(a_slug_changed_by_hand_redirects) {
  add("before");
  database.sql("update links set slug = 'after'");
  BOOST_TEST(web.links().target("after").has_value());
  BOOST_TEST(!web.links().target("before").has_value());
}

BOOST_AUTO_TEST_CASE(two_that_want_one_slug_share_it_out) {
  const auto one = read(add("one")), two = read(add("two"));
  for (int round = 0; round < 20; ++round) {
    const auto slug = "wanted" + std::to_string(round);
    std::atomic<int> got = 0;
    const auto want = [&](db::Link link) {
      db::Database session(database.options());
      link.slug = slug;
      session.together("change", [&] {
        session.link_edits().lock(account, {&link.id, 1});
        got += session.link_edits().store(account, link);
      });
    };
    std::thread other([&] { want(one); });
    want(two);
    other.join();
    BOOST_TEST(database.sql("select count(*) from slugs where slug = '" + slug + "'") == "1");
    BOOST_TEST(database.sql("select count(*) from links where slug = '" + slug + "'") == "1");
  }
  BOOST_TEST(database.sql(
                 "select count(*) from slugs join links on links.id = link_id where slugs.slug <> links.slug") == "0");
}

BOOST_AUTO_TEST_CASE(what_is_removed_is_gone_and_its_slug_is_free) {
  const auto id = add("a");
  const auto other = owner.accounts().add("Other Agency", "agency").id;
  BOOST_TEST(!web.link_edits().remove(other, id));
  BOOST_TEST(web.link_edits().remove(account, id));
  BOOST_TEST(!web.link_edits().remove(account, id));
  BOOST_TEST(!web.links().target("a").has_value());
  BOOST_TEST(added(web.links().insert(other, {{new_link("a")}})) == 1u);
}

BOOST_AUTO_TEST_CASE(together_is_all_or_nothing) {
  struct Stop {};
  BOOST_CHECK_THROW(web.together("try",
                                 [&] {
                                   add("a");
                                   throw Stop();
                                 }),
                    Stop);
  BOOST_TEST(database.sql("select count(*) from links") == "0");
  web.together("try", [&] {
    add("kept");
    try {
      web.undo_if_thrown([&] {
        add("undone");
        throw Stop();
      });
    } catch (const Stop&) {
    }
  });
  BOOST_TEST(database.sql("select string_agg(slug, ',') from links") == "kept");
  BOOST_TEST(add("later") != db::Uuid{});  // by itself again
}

BOOST_AUTO_TEST_CASE(the_plan_has_so_many_links_and_not_one_more) {
  database.sql("update plans set links_limit = 25 where name = 'agency'");
  auto rows = new_links(30);
  const auto first = web.links().insert(account, rows);
  BOOST_TEST(added(first) == 25u);
  BOOST_TEST(first[24].id.has_value());
  BOOST_TEST(first[25].limit_reached);
  BOOST_TEST(database.sql("select count(*) from slugs") == "25");  // the others are free
  database.sql("delete from links where slug in ('s0', 's1')");
  std::atomic<std::size_t> got = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      db::Database session(database.options());
      for (int n = 0; n < 3; ++n)
        got += added(session.links().insert(account, {{new_link("t" + std::to_string(i) + std::to_string(n))}}));
    });
  for (auto& thread : threads) thread.join();
  BOOST_TEST(got == 2u);
  BOOST_TEST(database.sql("select count(*) from links") == "25");
}

BOOST_AUTO_TEST_SUITE_END()
