// Whether a worker hears that cached keys are stale, and whether it knows that it does not.
#include <chrono>
#include <thread>

#include "app/base/clock.hpp"
#include "db/session.hpp"
#include "tests/integration/fixture.hpp"

namespace {

struct ListenerFixture : integration::Fixture {
  db::Uuid key = owner.keys().add(integration::new_key(account, 7));

  ListenerFixture() { web.check_ready(); }

  // Milliseconds until the generation changes, or -1 after `limit` ms.
  int heard_within(std::uint64_t before, int limit) {
    const auto start = base::monotonic_micros();
    for (;;) {
      const auto waited = static_cast<int>((base::monotonic_micros() - start) / 1000);
      if (web.key_generation() != before) return waited;
      if (waited > limit) return -1;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(listener, ListenerFixture)

BOOST_AUTO_TEST_CASE(hears_itself_once_connected_and_not_before) {
  BOOST_TEST(web.hears_revocations());
  BOOST_TEST(web.socket() >= 0);
  db::Database unused(database.options());
  BOOST_TEST(!unused.hears_revocations());
  BOOST_TEST(unused.socket() == -1);
}

BOOST_AUTO_TEST_CASE(whatever_changes_an_identity_is_heard_within_a_second) {
  const std::vector<std::pair<const char*, std::function<void()>>> changes = {
      {"revoke", [&] { owner.keys().revoke(account, key); }},
      {"add", [&] { owner.keys().add(integration::new_key(account, 8)); }},
      {"expiry", [&] { database.sql("update api_keys set expires_at = now()"); }},
      {"scope", [&] { database.sql("update api_keys set scope = 'read'"); }},
      {"plan of the account", [&] { owner.accounts().set_plan(account, "pro"); }},
      {"the plan itself", [&] { database.sql("update plans set requests_per_minute = 60 where name = 'pro'"); }},
      {"account removed", [&] { database.sql("delete from accounts"); }}};
  for (const auto& [what, change] : changes) {
    const auto before = web.key_generation();
    change();
    const int waited = heard_within(before, 1000);
    BOOST_TEST_MESSAGE(what << " heard after " << waited << " ms");
    BOOST_TEST(waited >= 0, what);
  }
}

BOOST_AUTO_TEST_CASE(uses_and_links_are_not_worth_a_word) {
  const auto before = web.key_generation();
  const std::vector<db::KeyUse> uses = {{account, key, 1000}};
  owner.keys().touch(uses);
  owner.links().insert(account, integration::new_links(2));
  BOOST_TEST(heard_within(before, 200) == -1);
}

BOOST_AUTO_TEST_CASE(a_channel_that_went_deaf_is_found_out_and_mended) {
  db::Session session(database.options());
  const auto ask = [&] { session.read("ask", [](soci::session& sql) { sql << "select 1"; }); };
  const auto between_probes = std::chrono::milliseconds(5100);
  session.read("forget the channels", [](soci::session& sql) { sql << "unlisten *"; });
  const auto before = session.key_generation();
  std::this_thread::sleep_for(between_probes);
  ask();
  BOOST_TEST(!session.hears_revocations());
  BOOST_TEST(session.key_generation() != before);
  std::this_thread::sleep_for(between_probes);
  ask();
  BOOST_TEST(session.hears_revocations());
  const auto mended = session.key_generation();
  owner.keys().revoke(account, key);
  ask();
  BOOST_TEST(session.key_generation() != mended);
}

BOOST_AUTO_TEST_CASE(a_lost_connection_is_noticed_without_a_query) {
  const auto before = web.key_generation();
  support::PlainSession admin(support::Cluster::shared().url("postgres", "postgres"));
  admin.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'quietleaks_web' and datname = '" +
            database.name() + "'");
  BOOST_TEST(heard_within(before, 1000) >= 0);
  BOOST_TEST(!web.hears_revocations());
  BOOST_TEST(web.socket() == -1);
  const auto lost = web.key_generation();
  BOOST_TEST(web.keys().find(integration::new_key(account, 7).digest).has_value());  // connects again
  BOOST_TEST(web.hears_revocations());
  BOOST_TEST(web.key_generation() != lost);
}

BOOST_AUTO_TEST_SUITE_END()
