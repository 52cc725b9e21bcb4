// What the operator does to keys and plans, and how soon every worker knows.
#include <chrono>
#include <regex>

#include "app/base/api_key.hpp"
#include "tests/e2e/key_rounds.hpp"
#include "tests/e2e/roomy_account.hpp"
#include "tests/e2e/shared_stack.hpp"
#include "tests/support/boost_test.hpp"

namespace e2e {

const std::string& roomy_account() {
  static const std::string name = [] {
    stack().sql(
        "INSERT INTO plans (name, api_access, requests_per_minute, check_interval_s, webhooks) VALUES ('roomy', "
        "true, " +
        std::to_string(kRoomyQuota) + ", 3600, true)");
    stack().cli({"account", "add", "Roomy", "--plan", "roomy"});
    return "Roomy";
  }();
  return name;
}

std::string roomy_plan() {
  roomy_account();
  return "roomy";
}

namespace {

using Clock = KeyRounds::Clock;

KeyRounds& rounds() {
  static KeyRounds from_here("127.0.0.3");
  return from_here;
}

// The first thing in a command's output that is a key.
std::string key_in(const std::string& output) {
  std::smatch match;
  BOOST_REQUIRE(std::regex_search(output, match, std::regex("ql_[0-9A-Za-z]{36}")));
  return match[0];
}

BOOST_AUTO_TEST_SUITE(keys)

BOOST_AUTO_TEST_CASE(a_key_works_at_once) {
  const std::string key = key_in(stack().cli({"key", "add", "--account", roomy_account(), "--name", "fresh"}));
  BOOST_TEST(rounds().count(key, 200) == KeyRounds::kSize);
  say("a key from `quietleaks key add` passes in every worker at once");
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_refused_by_every_worker_within_a_second) {
  const auto key = stack().new_key(roomy_account());
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(rounds().count(key.secret, 200) == KeyRounds::kSize);  // every worker has it in its cache
  const auto start = Clock::now();
  stack().cli({"key", "revoke", "--account", roomy_account(), key.id});
  const double command_s = seconds_since(start);
  const double seconds = rounds().seconds_until_all(key.secret, 401, start);
  BOOST_TEST(seconds < 1.0 + command_s);
  BOOST_TEST(rounds().count(key.secret, 401) == KeyRounds::kSize);
  say("revoked with `quietleaks key revoke` (" + std::to_string(command_s) + " s): refused by all workers after " +
      std::to_string(seconds) + " s");
}

BOOST_AUTO_TEST_CASE(a_change_of_plan_is_heard_within_a_second) {
  const std::string key = stack().new_key(roomy_account()).secret;
  BOOST_TEST(rounds().count(key, 200) == KeyRounds::kSize);
  const auto start = Clock::now();
  stack().cli({"account", "plan", roomy_account(), "pro"});
  const double down = rounds().seconds_until_all(key, 403, start);
  const auto again = Clock::now();
  stack().cli({"account", "plan", roomy_account(), "roomy"});
  const double up = rounds().seconds_until_all(key, 200, again);
  BOOST_TEST(down < 1.5);
  BOOST_TEST(up < 1.5);
  say("a change of plan was heard by all workers after " + std::to_string(down) + " s, and back after " +
      std::to_string(up) + " s");
}

BOOST_AUTO_TEST_CASE(the_limit_is_the_plans) {
  const auto reply = ask(support::get("/api/v1/links", stack().new_key(roomy_account()).secret));
  BOOST_TEST(reply.header("ratelimit-policy") == "\"default\";q=" + std::to_string(kRoomyQuota) + ";w=60");
  BOOST_TEST(reply.body == R"({"links":[],"total":0,"limit":100,"offset":0,"has_more":false})");
  say("the number of requests comes from the plan; an account without links has an empty list");
}

BOOST_AUTO_TEST_CASE(many_rejected_keys_from_one_address_are_shut_out_before_the_database) {
  support::HttpsClient stranger(stack().base_url(), stack().ca_file(), "127.0.0.4");
  const std::string good = stack().new_key().secret;
  BOOST_TEST(stranger.send(support::get("/api/v1/links?limit=1", good)).status == 200);
  std::vector<support::Call> calls;
  for (int i = 0; i < 700; ++i) calls.push_back(support::get("/api/v1/links", base::generate_api_key()));
  int refused = 0, shut_out = 0;
  for (const auto& reply : stranger.burst(calls, 50)) {
    refused += reply.status == 401;
    shut_out += reply.status == 429 && reply.body.find("too_many_rejected_keys") != std::string::npos;
  }
  BOOST_TEST(refused + shut_out == 700);
  BOOST_TEST(refused >= 600);  // workers may each have one look in flight when the number is reached
  BOOST_TEST(refused <= 616);
  BOOST_TEST(client().send(support::get("/api/v1/links?limit=1", good)).status == 200);
  stack().sql("notify ql_keys");  // empties every worker's cache
  int valid = 0;
  for (int i = 0; i < 20; ++i) valid += stranger.send(support::get("/api/v1/links?limit=1", good)).status == 200;
  BOOST_TEST(valid == 20);
  say("700 unknown keys from one address: " + std::to_string(refused) + " x 401, " + std::to_string(shut_out) +
      " x 429; neither another address nor a valid key is touched");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
