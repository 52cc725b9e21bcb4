// The database goes away and comes back; nobody restarts anything.
#include <chrono>
#include <thread>

#include "tests/e2e/shared_stack.hpp"
#include "tests/support/boost_test.hpp"

namespace e2e {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Every answer during the outage says when to come back, and comes at once.
void check_outage(const std::string& target, const std::string& key) {
  const auto start = Clock::now();
  const auto reply = ask(support::get(target, key));
  BOOST_TEST(reply.status == 503, target);
  BOOST_TEST(reply.body.find("\"code\":\"database_unavailable\"") != std::string::npos, reply.body);
  BOOST_TEST(!reply.header("retry-after").empty());
  BOOST_TEST(seconds_since(start) < 1.0, target << " took " << seconds_since(start) << " s");
}

// How many of 40 requests at once, over all workers, were not answered with 200.
int failures_of_a_round(const std::string& key) {
  const std::vector<support::Call> calls(40, support::get("/api/v1/links?limit=1", key));
  int failed = 0;
  for (const auto& reply : client().burst(calls, 40)) {
    if (reply.status != 200 && failed++ == 0) BOOST_TEST_MESSAGE(reply.status << " " << reply.body);
  }
  return failed;
}

BOOST_AUTO_TEST_SUITE(outages)

BOOST_AUTO_TEST_CASE(without_the_database_503_and_then_it_recovers_by_itself) {
  const std::string used = stack().new_key().secret, unused = stack().new_key().secret;
  BOOST_TEST(ask(support::get("/api/v1/links?limit=1", used)).status == 200);
  const auto workers = stack().worker_pids();

  stack().stop_postgres();
  for (int i = 0; i < 10; ++i) {
    check_outage("/api/v1/links?limit=1", used);
    check_outage("/api/v1/links?limit=1", unused);
  }
  check_outage("/api/v1/links?offset=50000", used);  // the other pool
  check_outage("/readyz", "");
  BOOST_TEST(ask(support::get("/healthz")).status == 200);
  BOOST_TEST(ask(support::get("/api/v1/openapi.json")).status == 200);
  BOOST_TEST(ask(support::get("/api/v1/links", "junk")).status == 401);  // needs no database to be known as junk

  stack().start_postgres();
  const auto start = Clock::now();
  while (ask(support::get("/api/v1/links?limit=1", used)).status != 200 && seconds_since(start) < 10)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const double first_s = seconds_since(start);
  while (failures_of_a_round(unused) > 0 && seconds_since(start) < 10) {
  }
  const double all_s = seconds_since(start);
  BOOST_TEST(all_s < 2.0);
  BOOST_TEST(ask(support::get("/readyz")).status == 200);
  BOOST_TEST((stack().worker_pids() == workers), "workers were replaced by an outage");
  say("an outage of PostgreSQL: 503 with Retry-After at once; the first 200 came " + std::to_string(first_s) +
      " s after its return, and all workers had it after " + std::to_string(all_s) + " s; none was replaced");
}

BOOST_AUTO_TEST_CASE(a_restart_between_two_requests_is_no_more_than_a_moment) {
  const std::string key = stack().new_key().secret;
  BOOST_TEST(failures_of_a_round(key) == 0);
  stack().stop_postgres();
  stack().start_postgres();
  // A worker that found it gone, between two requests, tries again 200 ms later (db/session.cpp).
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
  const int failed = failures_of_a_round(key);
  BOOST_TEST(failed == 0);
  say("a restart of PostgreSQL between two rounds of requests: " + std::to_string(failed) + " of 40 failed");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
