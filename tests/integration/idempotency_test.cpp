// Answers that are kept: found again, forgotten after a day, and there only if what they tell of is.
#include "tests/integration/fixture.hpp"

namespace {

struct IdempotencyFixture : integration::Fixture {
  const db::Uuid key_id = owner.keys().add(integration::new_key(account, 1));
  const db::IdempotencyKey key{account, key_id, "a word"};

  static db::StoredAnswer answer(const std::string& body) {
    db::StoredAnswer stored{.request_digest = {}, .status = 201, .headers = "Location: x\n", .body = body};
    stored.request_digest.fill(7);
    return stored;
  }
  std::optional<db::StoredAnswer> find(const db::IdempotencyKey& wanted) {
    std::optional<db::StoredAnswer> found;
    web.together("look", [&] { found = web.idempotency().find(wanted); });
    return found;
  }
  void store(const db::IdempotencyKey& wanted, const std::string& body) {
    web.together("keep", [&] { web.idempotency().store(wanted, answer(body)); });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(idempotency, IdempotencyFixture)

BOOST_AUTO_TEST_CASE(an_answer_comes_back_as_it_was) {
  BOOST_TEST(!find(key).has_value());
  store(key, "{\"größer\":1}");
  const auto found = find(key);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->status == 201);
  BOOST_TEST(found->headers == "Location: x\n");
  BOOST_TEST(found->body == "{\"größer\":1}");
  BOOST_TEST((found->request_digest == answer("").request_digest));
  const auto other = owner.keys().add(integration::new_key(account, 2));
  BOOST_TEST(!find({account, other, "a word"}).has_value());  // words are each key's own
  BOOST_TEST(!find({account, key_id, "A word"}).has_value());
}

BOOST_AUTO_TEST_CASE(after_a_day_it_is_as_if_it_had_never_been) {
  store(key, "old");
  database.sql("update idempotent_answers set created_at = now() - interval '24 hours 1 second'");
  BOOST_TEST(!find(key).has_value());
  store(key, "new");
  BOOST_TEST(find(key)->body == "new");
  for (int i = 0; i < 12; ++i) store({account, key_id, std::to_string(i)}, "x");
  database.sql("update idempotent_answers set created_at = now() - interval '2 days'");
  for (int i = 0; i < 3; ++i) store({account, key_id, "later" + std::to_string(i)}, "x");
  BOOST_TEST(database.sql("select count(*) from idempotent_answers") == "3");
}

BOOST_AUTO_TEST_CASE(one_at_a_time_has_a_word) {
  db::Database second(database.options());
  web.together("hold", [&] {
    BOOST_TEST(web.idempotency().take(key));
    second.together("wait for", [&] {
      BOOST_TEST(!second.idempotency().take(key));
      BOOST_TEST(second.idempotency().take({account, key_id, "another word"}));
    });
  });
  second.together("again", [&] { BOOST_TEST(second.idempotency().take(key)); });
}

BOOST_AUTO_TEST_SUITE_END()
