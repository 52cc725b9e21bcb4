// Settings, API keys: what a person does to keys, and how soon every worker knows.
#include <chrono>
#include <thread>

#include "tests/e2e/browser.hpp"
#include "tests/e2e/key_rounds.hpp"
#include "tests/e2e/roomy_account.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/json_match.hpp"

namespace e2e {
namespace {

using Clock = KeyRounds::Clock;
constexpr const char* kNewKey = R"({"name":"cms","scope":"write","expires_at":null})";

KeyRounds& rounds() {
  static KeyRounds from_here("127.0.0.5");
  return from_here;
}

// At the settings of an account with room for many requests.
struct Settings {
  Settings() { browser.sign_in(ann.email, ann.password); }
  support::Reply make() { return browser.send("POST", "/app/keys", kNewKey); }

  Person ann{roomy_plan()};
  Browser browser;
};

BOOST_AUTO_TEST_SUITE(session_keys)

BOOST_AUTO_TEST_CASE(a_key_is_told_once_and_works_at_once) {
  Settings settings;
  const auto reply = settings.make();
  const std::string shown = R"("id":"$uuid","name":"cms","scope":"write","last_four":"$text","created_at":"$time",)";
  BOOST_TEST(reply.status == 201);
  BOOST_TEST(reply.header("cache-control") == "no-store");
  BOOST_TEST(
      support::json_difference(
          "{" + shown +
              R"("last_used_at":null,"expires_at":null,"replaced_at":null,"requests_last_minute":0,"key":"$text"})",
          reply.body) == "");
  const auto key = member(reply.body, "key");
  BOOST_TEST(rounds().count(key, 200) == KeyRounds::kSize);
  const auto list = settings.browser.get("/app/keys");
  BOOST_TEST(list.body.find(key) == std::string::npos);
  BOOST_TEST(support::json_difference("{\"keys\":[{" + shown + R"("last_used_at":"$any","expires_at":null,
                 "replaced_at":null,"requests_last_minute":)" +
                                          std::to_string(KeyRounds::kSize) + "}]}",
                                      list.body) == "");
  say("a key made in the settings passes in every worker at once, and its use is shown");
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_refused_by_every_worker_within_a_second) {
  Settings settings;
  const auto made = settings.make().body;
  const auto key = member(made, "key");
  for (int i = 0; i < 3; ++i) BOOST_TEST(rounds().count(key, 200) == KeyRounds::kSize);
  BOOST_TEST(settings.browser.send("DELETE", "/app/keys/" + member(made, "id")).status == 204);
  const double seconds = rounds().seconds_until_all(key, 401);
  BOOST_TEST(seconds < 1.0);
  BOOST_TEST(settings.browser.send("DELETE", "/app/keys/" + member(made, "id")).status == 404);
  BOOST_TEST(settings.browser.get("/app/keys").body == R"({"keys":[]})");
  say("revoked in the settings: refused by all workers after " + std::to_string(seconds) + " s");
}

BOOST_AUTO_TEST_CASE(a_key_made_anew_replaces_the_old_one_at_once_or_later) {
  Settings settings;
  const auto regenerate = [&](const std::string& json, int seconds) {
    return settings.browser.send("POST", "/app/keys/" + member(json, "id") + "/regenerate",
                                 "{\"overlap_s\":" + std::to_string(seconds) + "}");
  };
  const auto first = settings.make().body;
  BOOST_TEST(rounds().count(member(first, "key"), 200) == KeyRounds::kSize);
  const auto start = Clock::now();
  const auto second = regenerate(first, 8);
  BOOST_TEST(second.status == 201);
  BOOST_TEST(member(second.body, "name") == "cms");
  BOOST_TEST(rounds().count(member(second.body, "key"), 200) == KeyRounds::kSize);
  BOOST_TEST(rounds().count(member(first, "key"), 200) == KeyRounds::kSize);
  BOOST_REQUIRE(seconds_since(start) < 8);  // or the last round was too late to say anything
  std::this_thread::sleep_until(start + std::chrono::seconds(8));
  BOOST_TEST(rounds().seconds_until_all(member(first, "key"), 401) < 1.0);
  BOOST_TEST(regenerate(first, 0).status == 404);
  const auto third = regenerate(second.body, 0);
  BOOST_TEST(third.status == 201);
  BOOST_TEST(rounds().seconds_until_all(member(second.body, "key"), 401) < 1.0);
  BOOST_TEST(rounds().count(member(third.body, "key"), 200) == KeyRounds::kSize);
  BOOST_TEST(regenerate(third.body, 604'801).status == 422);
}

BOOST_AUTO_TEST_CASE(of_many_regenerations_of_a_key_one_counts) {
  Settings settings;
  const auto first = settings.make().body;
  support::Call call{.method = "POST",
                     .target = "/api/app/keys/" + member(first, "id") + "/regenerate",
                     .headers = {{"Origin", stack().base_url()},
                                 {"Content-Type", "application/json"},
                                 {"Cookie", "__Host-ql_session=" + settings.browser.cookie()}},
                     .body = R"({"overlap_s":3600})"};
  std::vector<support::Reply> replies(8);
  {
    std::vector<std::jthread> people;
    people.reserve(replies.size());
    for (auto& reply : replies)
      people.emplace_back([&] {
        support::HttpsClient client(stack().base_url(), stack().ca_file(), "127.0.0.1");
        reply = client.send(call);
      });
  }
  std::string successor;
  int made = 0, refused = 0;
  for (const auto& reply : replies) {
    if (reply.status == 201) ++made, successor = reply.body;
    refused += code_of(reply) == "key_already_replaced";
  }
  BOOST_TEST(made == 1);
  BOOST_TEST(refused == 7);
  BOOST_TEST(successor.find(R"("expires_at":null,"replaced_at":null)") != std::string::npos);
  BOOST_TEST(member(settings.browser.get("/app/keys").body.substr(1), "name") == "cms");
  const auto again = settings.browser.send("POST", call.target.substr(4), R"({"overlap_s":0})");
  BOOST_TEST(code_of(again) == "key_already_replaced");
  BOOST_TEST(rounds().count(member(first, "key"), 200) == KeyRounds::kSize);
  BOOST_TEST(settings.browser.send("DELETE", "/app/keys/" + member(first, "id")).status == 204);
}

BOOST_AUTO_TEST_CASE(an_account_has_a_hundred_keys_at_most) {
  Settings settings;
  stack().sql(
      "insert into api_keys (account_id, name, scope, last_four) select id, 'filler', 'read', 'abcd' from accounts, "
      "generate_series(1, 99) where name = '" +
      settings.ann.name + "'");
  stack().sql(
      "insert into api_key_hashes select sha256(id::text::bytea), account_id, id from api_keys where name = 'filler'");
  BOOST_TEST(settings.make().status == 201);
  const auto refused = settings.make();
  BOOST_TEST(refused.status == 422);
  BOOST_TEST(code_of(refused) == "too_many_keys");
  BOOST_TEST(stack().sql("select count(*) from api_keys where account_id = (select id from accounts where name = '" +
                         settings.ann.name + "')") == "100");
}

BOOST_AUTO_TEST_CASE(events_tell_who_made_and_revoked_a_key) {
  Settings settings;
  const auto id = member(settings.make().body, "id");
  settings.browser.send("DELETE", "/app/keys/" + id);
  const auto events = settings.browser.get("/v1/events").body;
  BOOST_TEST(events.find("key.created") != std::string::npos);
  BOOST_TEST(events.find("key.revoked") != std::string::npos);
  BOOST_TEST(events.find(R"("actor":{"type":"user","id":")") != std::string::npos);
  BOOST_TEST(events.find("\"name\":\"" + settings.ann.email + '"') != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
