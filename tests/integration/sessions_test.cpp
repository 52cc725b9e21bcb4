// Users, sessions, one-time links, and how often signing in failed.
#include <atomic>
#include <ctime>
#include <thread>

#include "tests/integration/fixture.hpp"

using integration::error_of;

namespace {

db::Digest digest_of(std::uint8_t seed) {
  db::Digest digest;
  digest.fill(seed);
  return digest;
}

struct PeopleFixture : integration::Fixture {
  db::User ann = owner.users().add(account, "Ann@agency.example", "hash");

  db::NewSession new_session(const db::User& user, std::uint8_t seed) const {
    return {.user = user,
            .digest = digest_of(seed),
            .user_agent = "Firefox",
            .remote_addr = "192.0.2.1",
            .lifetime_s = 3600};
  }
  std::int64_t wait(const std::string& email, const std::string& address) {
    return web.sessions().begin_sign_in(email, address).wait_s;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sessions, PeopleFixture)

BOOST_AUTO_TEST_CASE(a_user_is_found_by_email_in_any_case) {
  const auto found = web.users().find("aNN@AGENCY.example");
  BOOST_REQUIRE(found.has_value());
  BOOST_CHECK(found->user.id == ann.id);
  BOOST_CHECK(found->user.account_id == account);
  BOOST_TEST(found->user.email == "Ann@agency.example");
  BOOST_TEST(found->password_hash.value() == "hash");
  BOOST_TEST(!web.users().find("ann").has_value());
  const auto error = error_of([&] { owner.users().add(account, "ann@AGENCY.example", {}); });
  BOOST_CHECK(error.kind() == db::ErrorKind::conflict);
  BOOST_TEST(error.constraint() == "users_email_key");
  BOOST_CHECK(error_of([&] { owner.users().add(account, "ann", {}); }).kind() == db::ErrorKind::invalid);
}

BOOST_AUTO_TEST_CASE(a_session_is_found_by_its_digest_until_it_is_over) {
  const auto made = web.sessions().add(new_session(ann, 1));
  const auto found = web.sessions().find(digest_of(1));
  BOOST_REQUIRE(found.has_value());
  BOOST_CHECK(found->session_id == made.session_id);
  BOOST_CHECK(found->user.id == ann.id);
  BOOST_CHECK(found->user.account_id == account);
  BOOST_TEST(found->plan.name == "agency");
  BOOST_TEST(found->expires_at == found->created_at + 3600);
  BOOST_TEST(!web.sessions().find(digest_of(2)).has_value());
  BOOST_CHECK(error_of([&] { web.sessions().add(new_session(ann, 1)); }).kind() == db::ErrorKind::conflict);
  database.sql("update sessions set expires_at = now()");
  BOOST_TEST(!web.sessions().find(digest_of(1)).has_value());
  BOOST_TEST(web.sessions().list(ann).empty());
}

BOOST_AUTO_TEST_CASE(use_moves_a_session_forward_and_never_back) {
  const auto made = web.sessions().add(new_session(ann, 1));
  const db::SessionUse use{.user_agent = "Chromium",
                           .remote_addr = "2001:db8::1",
                           .seen_at = made.last_seen_at + 60,
                           .expires_at = made.expires_at + 60};
  web.sessions().touch(made, use);
  auto moved = web.sessions().find(digest_of(1)).value();
  BOOST_TEST(moved.last_seen_at == use.seen_at);
  BOOST_TEST(moved.expires_at == use.expires_at);
  BOOST_TEST(web.sessions().list(ann).at(0).user_agent == "Chromium");
  BOOST_TEST(web.sessions().list(ann).at(0).remote_addr == "2001:db8::1");
  web.sessions().touch(made, {.user_agent = "", .remote_addr = "", .seen_at = made.last_seen_at, .expires_at = 0});
  moved = web.sessions().find(digest_of(1)).value();
  BOOST_TEST(moved.last_seen_at == use.seen_at);
  BOOST_TEST(moved.expires_at == use.expires_at);
}

BOOST_AUTO_TEST_CASE(only_ones_own_sessions_can_be_ended) {
  const auto bob = owner.users().add(account, "bob@agency.example", {});
  const auto anns = web.sessions().add(new_session(ann, 1));
  const auto bobs = web.sessions().add(new_session(bob, 2));
  BOOST_TEST(!web.sessions().end(bob, anns.session_id));
  BOOST_TEST(web.sessions().find(digest_of(1)).has_value());
  BOOST_TEST(web.sessions().end(ann, anns.session_id));
  BOOST_TEST(!web.sessions().end(ann, anns.session_id));
  BOOST_TEST(!web.sessions().find(digest_of(1)).has_value());
  web.sessions().add(new_session(ann, 3));
  web.sessions().add(new_session(ann, 4));
  BOOST_TEST(web.sessions().list(ann).size() == 2U);
  web.sessions().end_all(ann);
  BOOST_TEST(web.sessions().list(ann).empty());
  BOOST_TEST(web.sessions().find(digest_of(2)).has_value());
  owner.users().remove(bob);
  BOOST_TEST(!web.sessions().find(digest_of(2)).has_value());
  BOOST_TEST(database.sql("select count(*) from session_hashes") == "0");
}

BOOST_AUTO_TEST_CASE(sessions_do_not_pile_up) {
  const auto bob = owner.users().add(account, "bob@agency.example", {});
  web.sessions().add(new_session(bob, 200));
  database.sql("update sessions set expires_at = now() - interval '1 day'");
  for (int i = 0; i < db::Sessions::kMostOfUser + 5; ++i)
    web.sessions().add(new_session(ann, static_cast<std::uint8_t>(i + 1)));
  BOOST_TEST(database.sql("select count(*) from sessions") == std::to_string(db::Sessions::kMostOfUser));
  BOOST_TEST(!web.sessions().find(digest_of(200)).has_value());
  BOOST_TEST(web.sessions().find(digest_of(db::Sessions::kMostOfUser + 5)).has_value());
}

BOOST_AUTO_TEST_CASE(a_one_time_link_works_once_within_its_time_and_is_ended_by_the_next) {
  owner.users().add_reset(ann, digest_of(1));
  BOOST_CHECK(web.users().find_reset(digest_of(1)).value().id == ann.id);
  owner.users().add_reset(ann, digest_of(2));
  BOOST_TEST(!web.users().find_reset(digest_of(1)).has_value());
  BOOST_TEST(!web.users().use_reset(digest_of(1)));
  BOOST_TEST(web.users().use_reset(digest_of(2)));
  BOOST_TEST(!web.users().use_reset(digest_of(2)));
  owner.users().add_reset(ann, digest_of(3));
  BOOST_TEST(database.sql("select expires_at - now() > interval '23:59' from password_resets") == "t");
  database.sql("update password_resets set expires_at = now()");
  BOOST_TEST(!web.users().find_reset(digest_of(3)).has_value());
  BOOST_TEST(!web.users().use_reset(digest_of(3)));
  owner.users().add_reset(ann, digest_of(4));
  web.users().set_password(ann, "new hash");
  BOOST_TEST(!web.users().find_reset(digest_of(4)).has_value());
  BOOST_TEST(web.users().find(ann.email)->password_hash.value() == "new hash");
  BOOST_TEST(web.users().hold_password(ann, "new hash"));
  BOOST_TEST(!web.users().hold_password(ann, "another hash"));
}

BOOST_AUTO_TEST_CASE(the_eleventh_failure_of_an_email_waits_and_so_does_that_of_an_address) {
  for (int i = 0; i < 10; ++i) BOOST_TEST(wait("ann@agency.example", std::to_string(i)) == 0);
  const auto seconds = wait("ANN@agency.example", "elsewhere");
  BOOST_TEST(seconds > 890);
  BOOST_TEST(seconds <= 900);
  BOOST_TEST(wait("bob@agency.example", "elsewhere") == 0);
  for (int i = 0; i < 9; ++i) BOOST_TEST(wait(std::to_string(i) + "@x.example", "elsewhere") == 0);
  BOOST_TEST(wait("carol@agency.example", "elsewhere") > 890);
  database.sql("update sign_in_failures set failed_at = failed_at - interval '10 minutes'");
  BOOST_TEST(wait("ann@agency.example", "a third place") <= 300);
  web.sessions().forget_failures("ANN@agency.example");
  BOOST_TEST(wait("ann@agency.example", "a third place") == 0);
}

BOOST_AUTO_TEST_CASE(failures_are_forgotten_in_time_and_those_taken_back_at_once) {
  for (int i = 0; i < 25; ++i) {
    const auto attempt = web.sessions().begin_sign_in("ann@agency.example", "here");
    BOOST_TEST(attempt.wait_s == 0);
    web.sessions().take_back(attempt);
  }
  BOOST_TEST(database.sql("select count(*) from sign_in_failures") == "0");
  for (int i = 0; i < 10; ++i) wait("ann@agency.example", "here");
  BOOST_TEST(wait("ann@agency.example", "here") > 0);
  database.sql("update sign_in_failures set failed_at = failed_at - interval '15 minutes'");
  BOOST_TEST(wait("ann@agency.example", "here") == 0);
  BOOST_TEST(database.sql("select count(*) from sign_in_failures") == "2");  // its own: the old ones are gone
}

BOOST_AUTO_TEST_CASE(of_many_attempts_at_the_same_time_ten_are_let_through) {
  std::atomic<int> let_through = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      db::Database mine(database.options());
      for (int j = 0; j < 10; ++j)
        if (mine.sessions().begin_sign_in("ann@agency.example", "here").wait_s == 0) ++let_through;
    });
  threads.clear();
  BOOST_TEST(let_through.load() == db::Sessions::kMostFailures);
  BOOST_TEST_MESSAGE("80 attempts of 8 sessions at the same time: " << let_through << " let through");
}

BOOST_AUTO_TEST_CASE(a_replaced_keys_end_is_moved_nearer_and_never_away) {
  auto& keys = web.keys();
  const auto id = keys.add(integration::new_key(account, 9));
  const auto now = std::time(nullptr);
  BOOST_TEST(!keys.list_active(account).at(0).key.replaced_at.has_value());
  keys.replace(account, id, now + 1000);
  BOOST_TEST(keys.hold_active(account, id)->expires_at.value() == now + 1000);
  BOOST_TEST(keys.list_active(account).at(0).key.replaced_at.has_value());
  keys.replace(account, id, now + 2000);
  BOOST_TEST(keys.hold_active(account, id)->expires_at.value() == now + 1000);
  const auto other = owner.accounts().add("Other Agency", "agency").id;
  keys.replace(other, id, now);
  BOOST_TEST(!keys.hold_active(other, id).has_value());
  BOOST_TEST(keys.hold_active(account, id).has_value());
  keys.replace(account, id, now - 1);
  BOOST_TEST(!keys.hold_active(account, id).has_value());
  BOOST_TEST(keys.list_active(account).empty());
}

BOOST_AUTO_TEST_SUITE_END()
