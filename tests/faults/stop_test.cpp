// Ends: graceful, by kill -9 of the master, and the opposite of both, more load than there are workers.
#include <csignal>
#include <filesystem>
#include <iostream>
#include <thread>

#include <sys/wait.h>

#include "tests/faults/load.hpp"
#include "tests/faults/web_instance.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/command.hpp"
#include "tests/support/https_client.hpp"

namespace {

using faults::Clock;
using faults::WebInstance;

bool gone(const std::vector<pid_t>& pids) {
  for (const pid_t pid : pids)
    if (faults::alive(pid)) return false;
  return true;
}

BOOST_AUTO_TEST_SUITE(stops)

BOOST_AUTO_TEST_CASE(term_finishes_what_is_in_flight) {
  WebInstance web({.unresponsive_database = true});
  std::vector<support::Reply> replies(3);
  std::vector<std::thread> clients;
  clients.reserve(replies.size());
  for (auto& reply : replies)
    clients.emplace_back([&] {
      support::HttpsClient client(web.base_url(), web.ca_file());
      reply = client.send(support::get("/readyz"));  // waits for the database as long as it may
    });
  faults::sleep_ms(700);
  kill(web.master(), SIGTERM);
  const int status = web.wait_for_exit(20);
  for (auto& client : clients) client.join();
  BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  for (const auto& reply : replies) {
    BOOST_TEST(reply.status == 503);
    BOOST_TEST(reply.body.find("database_unavailable") != std::string::npos, reply.body);  // the worker's own answer
  }
  BOOST_TEST(web.logged("worker_died") == 0);
  BOOST_TEST(!std::filesystem::exists(web.run_dir() + "/api.sock"));
  std::cout << "  faults: TERM: 3 requests in flight were answered by their workers, then all left" << std::endl;
}

BOOST_AUTO_TEST_CASE(interrupt_twice_stops_at_once) {
  WebInstance web({.api_workers = 2, .bulk_workers = 1, .unresponsive_database = true, .nginx = false});
  const auto start = Clock::now();
  kill(web.master(), SIGINT);
  faults::sleep_ms(50);
  kill(web.master(), SIGINT);
  BOOST_TEST(web.wait_for_exit(5) == 0);
  BOOST_TEST(faults::seconds_since(start) < 1);
}

BOOST_AUTO_TEST_CASE(no_orphans_after_kill_9_of_the_master_and_the_next_start_binds_at_once) {
  WebInstance web({.nginx = false});
  const int rounds = faults::repeat(5, 100);
  double slowest = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto workers = web.workers();
    const auto start = Clock::now();
    kill(web.master(), SIGKILL);
    BOOST_TEST(web.wait_for_exit(5) != -1);
    BOOST_REQUIRE(faults::wait_until([&] { return gone(workers); }, 5));
    slowest = std::max(slowest, faults::seconds_since(start));
    web.start_web();  // throws if it cannot
  }
  std::cout << "  faults: " << rounds << " kill -9 of the master; last worker gone after at most " << slowest * 1000
            << " ms; restarted every time" << std::endl;
  BOOST_TEST(slowest < 1);
}

BOOST_AUTO_TEST_CASE(a_second_master_says_so_and_leaves) {
  WebInstance web({.api_workers = 1, .bulk_workers = 1, .nginx = false});
  const auto second = support::run_command({web.program(), "--config", web.config_path()});
  BOOST_TEST(second.exit_code == 1);
  BOOST_TEST(second.output.find("runs already") != std::string::npos);
  BOOST_TEST(second.output.find(std::to_string(web.master())) != std::string::npos);
  BOOST_TEST(std::filesystem::exists(web.run_dir() + "/api.sock"));
}

BOOST_AUTO_TEST_CASE(overload_is_shed_with_a_fast_503) {
  WebInstance web({.stuck_after = 60, .api_settings = "backlog = 1024\n"});
  const auto workers = web.workers();
  for (const pid_t pid : workers) kill(pid, SIGSTOP);
  const int connects = 2000;
  std::vector<support::Reply> replies;
  std::thread flood([&] {
    support::HttpsClient client(web.base_url(), web.ca_file());
    replies = client.burst(std::vector<support::Call>(connects, support::get("/healthz")), connects);
  });
  faults::sleep_ms(10'000);
  for (const pid_t pid : workers) kill(pid, SIGCONT);
  flood.join();
  int answered = 0;
  int shed = 0;
  int with_retry_after = 0;
  double slowest_shed = 0;
  for (const auto& reply : replies) {
    answered += reply.status == 200 ? 1 : 0;
    if (reply.status != 503) continue;
    ++shed;
    slowest_shed = std::max(slowest_shed, reply.seconds);
    with_retry_after += reply.header("retry-after").empty() ? 0 : 1;
  }
  std::cout << "  faults: all workers stopped for 10 s, " << connects << " connects: " << shed
            << " got 503, the slowest after " << slowest_shed << " s; " << answered
            << " waited in the queue and got 200" << std::endl;
  BOOST_TEST(shed + answered == connects);
  BOOST_TEST(shed > connects - 1024 - 100);
  BOOST_TEST(with_retry_after == shed);
  BOOST_TEST(slowest_shed < 9);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
