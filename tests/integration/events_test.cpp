// Events: one for each change, whoever makes it; numbered in the order of commits, without a gap, also when many write
// at once.
#include <atomic>
#include <thread>

#include "tests/integration/fixture.hpp"

using integration::new_link;
using integration::new_links;

namespace {

struct EventsFixture : integration::Fixture {
  db::EventPage page(db::EventQuery query = {}) {
    query.account_id = account;
    return web.events().page(query);
  }
  db::Uuid add(const std::string& slug) { return *web.links().insert(account, {{new_link(slug)}})[0].id; }
  db::Event newest() { return page().events.at(0); }
};

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(events, EventsFixture)

BOOST_AUTO_TEST_CASE(each_change_of_a_link_is_told_once) {
  const auto id = add("a");
  auto event = newest();
  BOOST_TEST(event.type == "link.created");
  BOOST_TEST((event.link_id == id));
  BOOST_TEST(mentions(event.subject, R"("slug": "a")"));
  BOOST_TEST(event.changes == "{}");

  database.sql("update links set label = 'New', tags = '{x}', status = 'broken', failure_mode = 'not_found'");
  const auto both = page().events;
  BOOST_REQUIRE(both.size() == 3u);
  BOOST_TEST(both[0].type == "link.status_changed");
  BOOST_TEST(both[0].changes ==
             R"({"status": {"to": "broken", "from": "pending"}, "failure_mode": {"to": "not_found", "from": null}})");
  BOOST_TEST(both[1].type == "link.updated");
  BOOST_TEST(both[1].changes == R"({"tags": {"to": ["x"], "from": []}, "label": {"to": "New", "from": "Link a"}})");

  database.sql("update links set label = 'New', clicks_30d = clicks_30d + 1, last_checked_at = now()");
  BOOST_TEST(page().events.size() == 3u);  // nothing that is told has changed

  BOOST_TEST(web.link_edits().remove(account, id));
  event = newest();
  BOOST_TEST(event.type == "link.deleted");
  BOOST_TEST(mentions(event.subject, R"("label": "New")"));
  BOOST_TEST(page().last_seq == 4);
  BOOST_TEST(web.events().last_seq(account) == 4);
}

BOOST_AUTO_TEST_CASE(pages_are_by_seq_type_and_link) {
  web.links().insert(account, new_links(10));
  const auto id = add("x");
  for (const std::string slug : {"s3", "x"})
    database.sql("update links set label = label || '!' where slug = '" + slug + "'");
  const auto seqs = [&](const db::EventQuery& query) {
    std::string text;
    for (const auto& event : page(query).events) text += std::to_string(event.seq) + ' ';
    return text;
  };
  BOOST_TEST(seqs({.limit = 3}) == "13 12 11 ");
  BOOST_TEST(page({.limit = 3}).more);
  BOOST_TEST(seqs({.before = 11, .limit = 3}) == "10 9 8 ");
  BOOST_TEST(seqs({.after = 11}) == "13 12 ");
  BOOST_TEST(seqs({.after = 10, .oldest_first = true, .limit = 2}) == "11 12 ");
  BOOST_TEST(seqs({.type = "link.updated"}) == "13 12 ");
  BOOST_TEST(seqs({.link_id = id, .oldest_first = true}) == "11 13 ");
  BOOST_TEST(seqs({.type = "link.created", .link_id = id}) == "11 ");
  BOOST_TEST(!page({.limit = 13}).more);
  BOOST_TEST(seqs({.after = 13}).empty());
  BOOST_TEST(page({.after = 13}).last_seq == 13);
}

BOOST_AUTO_TEST_CASE(who_did_it_is_told) {
  const auto key = owner.keys().add(integration::new_key(account, 1));
  auto event = newest();
  BOOST_TEST(event.type == "key.created");
  BOOST_TEST(mentions(event.subject, R"("last_four": "aB3x")"));
  BOOST_TEST(event.actor_type == "operator");  // nobody said anything: whoever works in the database
  web.act_as({.type = "api_key", .id = key, .name = "it's \\ a key", .request_id = "r-1"});
  add("a");
  event = newest();
  BOOST_TEST(event.actor_type == "api_key");
  BOOST_TEST((event.actor_id == key));
  BOOST_TEST(*event.actor_name == "it's \\ a key");
  BOOST_TEST(*event.request_id == "r-1");
  BOOST_TEST(owner.keys().revoke(account, key));
  BOOST_TEST(newest().type == "key.revoked");
  BOOST_TEST(!newest().request_id.has_value());
}

BOOST_AUTO_TEST_CASE(nobody_changes_them) {
  add("a");
  support::PlainSession service(database.url("quietleaks_web"));
  for (const auto* statement : {"delete from events", "update events set link_id = null", "truncate events",
                                "insert into events (account_id, seq, type, actor_type, subject) "
                                "select id, 9, 'link.deleted', 'operator', '{}' from accounts",
                                "select add_event(id, 'link.deleted', null, '{}', '{}') from accounts"})
    BOOST_CHECK_THROW(service.sql(statement), std::runtime_error);
  BOOST_CHECK_THROW(database.sql("update events set type = 'link.deleted'"), std::runtime_error);
  BOOST_TEST(database.sql("select string_agg(type, ',') from events") == "link.created");
}

BOOST_AUTO_TEST_CASE(an_account_goes_with_all_that_it_has) {
  owner.keys().add(integration::new_key(account, 1));
  web.links().insert(account, new_links(20));
  database.sql("delete from accounts");
  BOOST_TEST(database.sql("select count(*) from events") == "0");
  BOOST_TEST(database.sql("select count(*) from slugs") == "0");
}

// A poller remembers the last number that it has seen: what commits later must have a larger one.
BOOST_AUTO_TEST_CASE(a_poller_that_remembers_seq_misses_nothing_while_many_write) {
  std::atomic<bool> done = false;
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i)
    writers.emplace_back([&, i] {
      db::Database session(database.options());
      for (int n = 0; n < 60; ++n) {
        const auto slug = "w" + std::to_string(i) + "_" + std::to_string(n);
        session.together("write", [&] {
          const auto id = *session.links().insert(account, {{new_link(slug)}})[0].id;
          if (n % 3 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));  // holds its number a while
          if (n % 4 == 0) session.link_edits().remove(account, id);
        });
      }
    });
  std::vector<std::int64_t> seen;
  const auto poll = [&] {
    const auto events = page({.after = seen.empty() ? 0 : seen.back(), .oldest_first = true, .limit = 500}).events;
    for (const auto& event : events) seen.push_back(event.seq);
  };
  std::thread poller([&] {
    while (!done) poll();
  });
  for (auto& writer : writers) writer.join();
  done = true;
  poller.join();
  poll();
  BOOST_REQUIRE(seen.size() == 4u * (60 + 15));
  for (std::size_t i = 0; i < seen.size(); ++i) BOOST_REQUIRE(seen[i] == static_cast<std::int64_t>(i + 1));
}

BOOST_AUTO_TEST_SUITE_END()
