// What can only be said when the rest of the suite has run (files are linked in the order of their names).
#include <regex>
#include <thread>

#include "tests/e2e/browser.hpp"
#include "tests/e2e/exhausted_key.hpp"
#include "tests/e2e/shared_stack.hpp"
#include "tests/support/boost_test.hpp"

namespace e2e {
namespace {

void exhaust(const std::string& key) {
  const std::vector<support::Call> calls(121, support::get("/api/v1/links?limit=1", key));
  int wait = 0;
  for (const auto& reply : client().burst(calls, 20))
    if (reply.status == 429) wait = std::stoi(reply.header("retry-after"));
  exhausted_keys().push_back({key, std::chrono::steady_clock::now() + std::chrono::seconds(wait)});
}

BOOST_AUTO_TEST_SUITE(the_end)

BOOST_AUTO_TEST_CASE(whoever_waits_as_long_as_retry_after_says_passes) {
  if (exhausted_keys().empty()) exhaust(stack().new_key().secret);
  for (const auto& [key, passes_at] : exhausted_keys()) {
    std::this_thread::sleep_until(passes_at);
    BOOST_TEST(ask(support::get("/api/v1/links?limit=1", key)).status == 200);
  }
  say(std::to_string(exhausted_keys().size()) + " used-up keys passed again when their Retry-After was over");
}

// Keys have been in headers all along; here they also go where people put them by mistake.
BOOST_AUTO_TEST_CASE(no_key_is_in_any_log) {
  const std::string key = stack().new_key().secret;
  auto call = support::get("/api/v1/links/" + key + "?key=" + key, key);
  call.headers.emplace_back("User-Agent", "agent/" + key);
  call.headers.emplace_back("Referer", "https://example.com/?key=" + key);
  call.headers.emplace_back("X-Request-Id", key);
  call.headers.emplace_back("Cookie", "key=" + key);
  ask(call);
  client().send(support::get("/" + key));
  plain_client().send(call);
  auto basic = support::get("/api/v1/links");
  basic.headers.emplace_back("Authorization", key);
  ask(basic);
  const std::string logs = stack().logs();
  BOOST_TEST(logs.size() > 10000);
  const std::regex form("ql_[A-Za-z0-9]{36}");
  BOOST_TEST(!std::regex_search(logs, form));
  BOOST_TEST(logs.find(key) == std::string::npos);
  BOOST_TEST(logs.find(key.substr(3, 20)) == std::string::npos);
  say("no key in " + std::to_string(logs.size()) + " bytes of logs of this run");
}

BOOST_AUTO_TEST_CASE(no_password_and_no_cookie_is_in_any_log) {
  const std::string logs = stack().logs();
  BOOST_TEST(secrets().size() > 5);
  for (const auto& secret : secrets()) BOOST_TEST(logs.find(secret) == std::string::npos, secret);
  say("none of " + std::to_string(secrets().size()) + " passwords, cookies and one-time tokens is in the logs");
}

BOOST_AUTO_TEST_CASE(a_key_sent_in_the_clear_is_flagged_by_its_last_four_characters) {
  const std::string key = stack().new_key().secret;
  BOOST_TEST(plain_client().send(support::get("/api/v1/links", key)).status == 403);
  const std::string logs = stack().logs();
  const auto at = logs.find("\"key_last_four\":\"" + key.substr(key.size() - 4) + '"');
  BOOST_TEST(at != std::string::npos);
  BOOST_TEST(logs.find("key_sent_in_the_clear") != std::string::npos);
  say("a key sent over plain HTTP stands in the log by its last four characters");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
