// The rate limit over 8 workers at once, in peace and while workers are being killed.
#include <atomic>
#include <csignal>
#include <random>
#include <thread>

#include "tests/e2e/exhausted_key.hpp"
#include "tests/e2e/invariants.hpp"
#include "tests/e2e/shared_stack.hpp"
#include "tests/support/boost_test.hpp"

namespace e2e {

std::vector<ExhaustedKey>& exhausted_keys() {
  static std::vector<ExhaustedKey> keys;
  return keys;
}

namespace {

constexpr int kRequests = 400;
constexpr int kQuota = 120;
constexpr int kConnections = 100;

struct Tally {
  int passed = 0;
  int refused = 0;
  int other = 0;
  int longest_wait_s = 0;
};

Tally send_all(const std::string& key) {
  const std::vector<support::Call> calls(kRequests, support::get("/api/v1/links?limit=1", key));
  Tally tally;
  for (const auto& reply : client().burst(calls, kConnections)) {
    for (const auto& breach : breaches(calls[0], reply, stack().base_url()))
      BOOST_ERROR(reply.status << ": " << breach);
    if (reply.status == 200) ++tally.passed;
    if (reply.status == 429) {
      ++tally.refused;
      tally.longest_wait_s = std::max(tally.longest_wait_s, std::stoi("0" + reply.header("retry-after")));
    }
  }
  tally.other = kRequests - tally.passed - tally.refused;
  exhausted_keys().push_back({key, std::chrono::steady_clock::now() + std::chrono::seconds(tally.longest_wait_s)});
  return tally;
}

// Kills an api worker, chosen at random, every few milliseconds for as long as it lives.
class Killer {
 public:
  explicit Killer(int most) : thread_([this, most] { run(most); }) {}
  ~Killer() { join(); }
  int join() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    return kills_;
  }

 private:
  void run(int most) {
    std::mt19937 random(std::random_device{}());
    while (!stop_ && kills_ < most) {
      const auto workers = stack().worker_pids();
      if (!workers.empty() && ::kill(workers[random() % workers.size()], SIGKILL) == 0) ++kills_;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  std::atomic<bool> stop_ = false;
  int kills_ = 0;
  std::thread thread_;
};

BOOST_AUTO_TEST_SUITE(bursts)

BOOST_AUTO_TEST_CASE(of_400_requests_at_once_exactly_120_pass) {
  BOOST_REQUIRE_EQUAL(stack().worker_pids().size(), 8);
  const Tally tally = send_all(stack().new_key().secret);
  BOOST_TEST(tally.passed == kQuota);
  BOOST_TEST(tally.refused == kRequests - kQuota);
  BOOST_TEST(tally.other == 0);
  say("8 workers, 400 requests at once: " + std::to_string(tally.passed) + " x 200, " + std::to_string(tally.refused) +
      " x 429, Retry-After at most " + std::to_string(tally.longest_wait_s) + " s");
}

// A request whose worker died after it was counted is repeated by nginx and counted again: each kill may cost one.
BOOST_AUTO_TEST_CASE(killed_workers_let_nobody_past_the_limit) {
  const std::string key = stack().new_key().secret;
  Killer killer(8);
  const Tally tally = send_all(key);
  const int kills = killer.join();
  BOOST_TEST(tally.passed <= kQuota);
  BOOST_TEST(tally.passed >= kQuota - kills);
  BOOST_TEST(tally.other == 0);
  say("the same with " + std::to_string(kills) + " workers killed: " + std::to_string(tally.passed) + " x 200, " +
      std::to_string(tally.refused) + " x 429");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
