// What happens to workers: killed, stopped, crashing as fast as they start.
#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "app/base/api_key.hpp"
#include "tests/faults/load.hpp"
#include "tests/faults/web_instance.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using faults::Clock;
using faults::Load;
using faults::WebInstance;

// A random worker older than a second: whoever dies younger, time and again, is in a crash loop, which is another test.
pid_t grown_up(const WebInstance& web, std::mt19937& random) {
  static std::map<pid_t, Clock::time_point> first_seen;
  for (;;) {
    std::vector<pid_t> old;
    for (const pid_t pid : web.workers())
      if (faults::seconds_since(first_seen.try_emplace(pid, Clock::now()).first->second) > 1) old.push_back(pid);
    if (!old.empty()) return old[random() % old.size()];
    faults::sleep_ms(10);
  }
}

BOOST_AUTO_TEST_SUITE(workers)

BOOST_AUTO_TEST_CASE(killed_workers_are_replaced_and_no_get_notices) {
  WebInstance web;
  Load gets({.url = web.base_url() + "/healthz", .ca_file = web.ca_file(), .connections = 8, .pause_ms = 1}, 200);
  std::mt19937 random(7);
  const int kills = faults::repeat(25, 1000);
  std::set<pid_t> killed;
  std::vector<double> replaced_after;
  for (int i = 0; i < kills; ++i) {
    const auto before = web.workers();
    const pid_t victim = grown_up(web, random);
    const auto start = Clock::now();
    kill(victim, SIGKILL);
    killed.insert(victim);
    const bool replaced = faults::wait_until(
        [&] {
          const auto now = web.workers();
          return now.size() == before.size() && std::find(now.begin(), now.end(), victim) == now.end();
        },
        5);
    BOOST_REQUIRE(replaced);
    replaced_after.push_back(faults::seconds_since(start));
    faults::sleep_ms(250);
  }
  const auto result = gets.stop();
  std::sort(replaced_after.begin(), replaced_after.end());
  const double p99 = replaced_after[replaced_after.size() * 99 / 100 - 1];
  std::cout << "  faults: " << kills << " kills, replaced after " << replaced_after[replaced_after.size() / 2] * 1000
            << " ms (p99 " << p99 * 1000 << ", slowest " << replaced_after.back() * 1000 << ")"
            << "; GET: " << result.summary() << std::endl;
  BOOST_TEST(p99 < 0.2);  // the slowest tells more of the machine's other work than of ours
  BOOST_TEST(result.failed() == 0);
  BOOST_TEST(web.logged("worker_died") == static_cast<int>(killed.size()));
  BOOST_TEST(web.logged("worker_ready") ==
             static_cast<int>(killed.size() + web.workers_wanted()) + 1);  // and the clicks process
}

BOOST_AUTO_TEST_CASE(posts_fail_no_more_often_than_workers_are_killed) {
  WebInstance web;
  Load posts({.url = web.base_url() + "/api/v1/links/none",
              .ca_file = web.ca_file(),
              .method = "POST",
              .key = base::generate_api_key(),
              .connections = 4,
              .pause_ms = 60},
             405);
  const int kills = faults::repeat(8, 200);
  for (int i = 0; i < kills; ++i) {
    kill(web.workers("bulk").back(), SIGKILL);
    faults::sleep_ms(600);
  }
  const auto result = posts.stop();
  std::cout << "  faults: " << kills << " kills; POST: " << result.summary() << std::endl;
  BOOST_TEST(result.failed() <= kills);
}

BOOST_AUTO_TEST_CASE(a_stopped_worker_is_replaced_within_its_limit_while_others_serve) {
  WebInstance web;
  const pid_t victim = web.workers("api").front();
  // More clients than the victim holds connections: those on them wait until it is replaced, the others must not.
  Load gets({.url = web.base_url() + "/healthz", .ca_file = web.ca_file(), .connections = 16, .pause_ms = 2}, 200);
  faults::sleep_ms(300);
  const auto start = Clock::now();
  kill(victim, SIGSTOP);
  const auto gone = [&] {
    const auto now = web.workers("api");
    return now.size() == 4 && std::find(now.begin(), now.end(), victim) == now.end();
  };
  BOOST_TEST(faults::wait_until(gone, WebInstance::kStuckAfter + 5));
  const double seconds = faults::seconds_since(start);
  const auto result = gets.stop();
  std::cout << "  faults: SIGSTOPped worker replaced after " << seconds << " s (limit " << WebInstance::kStuckAfter
            << " s); GET: " << result.summary() << std::endl;
  BOOST_TEST(seconds >= WebInstance::kStuckAfter - 1);
  BOOST_TEST(seconds <= WebInstance::kStuckAfter + 1);
  BOOST_TEST(result.failed() == 0);
  BOOST_TEST(result.requests > 1000);
  BOOST_TEST(web.logged("worker_stuck") == 1);
}

BOOST_AUTO_TEST_CASE(an_aborted_worker_leaves_a_backtrace) {
  WebInstance web({.api_workers = 1, .bulk_workers = 1, .nginx = false});
  kill(web.workers("api").front(), SIGABRT);
  BOOST_TEST(faults::wait_until([&] { return web.logged("worker_died") == 1; }, 5));
  BOOST_TEST(web.logged("crash") == 1);
  BOOST_TEST(web.log().find("Worker3run") != std::string::npos);  // a frame
}

BOOST_AUTO_TEST_CASE(a_crash_loop_is_slowed_to_one_fork_a_second) {
  WebInstance web({.api_workers = 1, .bulk_workers = 1, .nginx = false});
  const double window = faults::repeat(4, 20);
  const pid_t bystander = web.workers("bulk").front();
  std::set<pid_t> forked;
  Clock::time_point slowed_at;
  std::size_t forked_at_once = 0;
  const auto kill_on_sight = [&] {
    for (const pid_t pid : web.workers("api")) {
      kill(pid, SIGKILL);
      forked.insert(pid);
    }
  };
  BOOST_REQUIRE(faults::wait_until(
      [&] {
        kill_on_sight();
        return web.logged("crash_loop") > 0;
      },
      10));
  slowed_at = Clock::now();
  forked_at_once = forked.size();
  while (faults::seconds_since(slowed_at) < window) {
    kill_on_sight();
    faults::sleep_ms(1);
  }
  std::cout << "  faults: crash loop: " << forked_at_once << " forks at once, then " << forked.size() - forked_at_once
            << " in " << window << " s" << std::endl;
  BOOST_TEST(forked_at_once <= 12u);
  BOOST_TEST(static_cast<double>(forked.size() - forked_at_once) <= window + 1);
  BOOST_TEST(static_cast<double>(forked.size() - forked_at_once) >= window - 1);
  BOOST_TEST((web.workers("bulk") == std::vector<pid_t>{bystander}));
  BOOST_TEST(faults::wait_until([&] { return web.workers("api").size() == 1; }, 3));
}

BOOST_AUTO_TEST_CASE(a_worker_that_has_served_its_time_is_followed_without_a_gap) {
  WebInstance web({.api_workers = 2, .bulk_workers = 1, .api_settings = "max_requests = 300\n"});
  Load gets({.url = web.base_url() + "/healthz", .ca_file = web.ca_file(), .connections = 4, .pause_ms = 1}, 200);
  BOOST_TEST(faults::wait_until([&] { return web.logged("worker_retires") >= faults::repeat(3, 30); }, 120));
  const auto result = gets.stop();
  std::cout << "  faults: " << web.logged("worker_retires") << " workers retired; GET: " << result.summary()
            << std::endl;
  BOOST_TEST(result.failed() == 0);
  BOOST_TEST(web.logged("worker_died") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
