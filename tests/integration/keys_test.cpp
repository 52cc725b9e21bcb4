// Keys, accounts and plans.
#include "tests/integration/fixture.hpp"

using integration::error_of;
using integration::new_key;

namespace {

struct KeyFixture : integration::Fixture {
  db::Digest digest = new_key(account, 7).digest;
  db::Uuid key = web.keys().add(new_key(account, 7));

  db::ApiKey listed() { return web.keys().list(account).at(0); }
  void touch(db::UnixSeconds at) {
    const std::vector<db::KeyUse> uses = {{account, key, at}};
    web.keys().touch(uses);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keys, KeyFixture)

BOOST_AUTO_TEST_CASE(a_key_is_found_by_its_digest_with_its_plan) {
  const auto found = web.keys().find(digest);
  BOOST_CHECK(found->account_id == account);
  BOOST_CHECK(found->key_id == key);
  BOOST_CHECK(found->scope == db::Scope::write);
  BOOST_TEST(!found->expires_at.has_value());
  BOOST_TEST(found->plan.name == "agency");
  BOOST_TEST(found->plan.api_access);
  BOOST_TEST(found->plan.requests_per_minute == 120);
  digest[31] ^= 1;
  BOOST_TEST(!web.keys().find(digest).has_value());
  digest.fill(0);
  BOOST_TEST(!web.keys().find(digest).has_value());
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_gone_and_stays_listed) {
  BOOST_TEST(web.keys().revoke(account, key));
  BOOST_TEST(!web.keys().find(digest).has_value());
  BOOST_TEST(listed().revoked_at.has_value());
  BOOST_TEST(!web.keys().revoke(account, key));
  BOOST_TEST(!web.keys().revoke(digest));
}

BOOST_AUTO_TEST_CASE(a_key_is_revoked_by_its_digest_or_by_its_account_only) {
  const auto other = owner.accounts().add("Other Agency", "agency").id;
  BOOST_TEST(!web.keys().revoke(other, key));
  BOOST_TEST(web.keys().find(digest).has_value());
  BOOST_TEST(web.keys().revoke(digest));
  BOOST_TEST(!web.keys().find(digest).has_value());
}

BOOST_AUTO_TEST_CASE(an_expired_key_is_not_found) {
  auto soon = new_key(account, 8);
  soon.expires_at = 4'000'000'000;
  soon.scope = db::Scope::read;
  web.keys().add(soon);
  const auto found = web.keys().find(soon.digest);
  BOOST_TEST(found->expires_at.value() == 4'000'000'000);
  BOOST_CHECK(found->scope == db::Scope::read);
  database.sql("update api_keys set expires_at = now() - interval '1 second' where expires_at is not null");
  BOOST_TEST(!web.keys().find(soon.digest).has_value());
}

BOOST_AUTO_TEST_CASE(the_same_digest_twice_is_a_conflict) {
  const auto error = error_of([&] { web.keys().add(new_key(account, 7)); });
  BOOST_CHECK(error.kind() == db::ErrorKind::conflict);
  BOOST_TEST(web.keys().list(account).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_key_of_no_account_is_refused) {
  const auto error = error_of([&] { web.keys().add(new_key(base::random_uuid(), 9)); });
  BOOST_CHECK(error.kind() == db::ErrorKind::invalid);
  BOOST_TEST(error.constraint() == "api_keys_account_id_fkey");
}

BOOST_AUTO_TEST_CASE(last_used_moves_forward_once_a_minute) {
  BOOST_TEST(!listed().last_used_at.has_value());
  touch(1000);
  BOOST_TEST(listed().last_used_at.value() == 1000);
  touch(1059);
  BOOST_TEST(listed().last_used_at.value() == 1000);
  touch(1060);
  BOOST_TEST(listed().last_used_at.value() == 1060);
  touch(500);
  BOOST_TEST(listed().last_used_at.value() == 1060);
  const std::vector<db::KeyUse> several = {
      {account, key, 2000}, {account, key, 3000}, {account, base::random_uuid(), 1}};
  web.keys().touch(several);
  BOOST_TEST(listed().last_used_at.value() == 3000);
  web.keys().touch({});
}

BOOST_AUTO_TEST_CASE(touch_does_not_wait_for_a_busy_row) {
  support::PlainSession other(database.url());
  other.sql("begin; update api_keys set name = 'busy'");
  touch(1000);
  BOOST_TEST(!listed().last_used_at.has_value());
  other.sql("rollback");
}

BOOST_AUTO_TEST_CASE(accounts_are_found_by_name_and_by_id) {
  BOOST_CHECK(owner.accounts().find("Demo Agency")->id == account);
  BOOST_TEST(owner.accounts().find(account_text())->name == "Demo Agency");
  BOOST_TEST(!owner.accounts().find("demo agency").has_value());
  owner.accounts().add("Other Agency", "free");
  BOOST_TEST(owner.accounts().find("Other Agency")->plan == "free");
  web.links().insert(account, integration::new_links(3));
  BOOST_TEST(owner.accounts().find("Demo Agency")->links == 3);
  BOOST_TEST(owner.accounts().list().size() == 2u);
}

BOOST_AUTO_TEST_CASE(accounts_refuse_taken_names_and_ids_for_names_and_unknown_plans) {
  BOOST_CHECK(error_of([&] { owner.accounts().add("Demo Agency", "pro"); }).kind() == db::ErrorKind::conflict);
  BOOST_CHECK(error_of([&] { owner.accounts().add(account_text(), "pro"); }).kind() == db::ErrorKind::invalid);
  BOOST_CHECK(error_of([&] { owner.accounts().add("New", "gold"); }).kind() == db::ErrorKind::invalid);
  BOOST_CHECK(error_of([&] { owner.accounts().set_plan(account, "gold"); }).kind() == db::ErrorKind::invalid);
  BOOST_TEST(owner.accounts().set_plan(account, "free"));
  BOOST_TEST(web.keys().find(digest)->plan.name == "free");
  BOOST_TEST(!web.keys().find(digest)->plan.api_access);
  BOOST_TEST(!owner.accounts().set_plan(base::random_uuid(), "free"));
  BOOST_TEST(owner.accounts().plans().size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
