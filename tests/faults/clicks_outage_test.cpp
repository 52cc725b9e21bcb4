// Without PostgreSQL: every redirect is right while it is gone (8 seconds, in full 10 minutes), also when everything is
// started anew without it; after its return all clicks are in within 60 seconds, and the API recovers by itself.
#include <algorithm>
#include <iostream>

#include "tests/faults/click_ledger.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/https_client.hpp"

namespace {

using faults::ClickInstance;
using faults::Clock;
using faults::Visit;
using faults::Visitors;

BOOST_AUTO_TEST_SUITE(clicks_outage)

constexpr double kAllInWithin = 60;  // seconds after PostgreSQL is back
constexpr double kSlower = 1.2;      // p99 during the outage, compared with before
constexpr double kNoiseMs = 5;       // of a machine that has other work, at p99
constexpr faults::VisitorOptions kSteady{.connections = 4, .pause_ms = 10};

// PostgreSQL is back at its end, whatever happens.
class Outage {
 public:
  Outage() { support::Cluster::shared().stop(); }
  ~Outage() { end(); }
  Outage(const Outage&) = delete;
  Outage& operator=(const Outage&) = delete;
  void end() {
    if (!std::exchange(over_, true)) support::Cluster::shared().start();
  }

 private:
  bool over_ = false;
};

std::vector<Visit> visit_for(const ClickInstance& instance, double seconds, const char* when) {
  Visitors visitors(instance, kSteady);
  const auto start = Clock::now();
  while (faults::seconds_since(start) < seconds) faults::sleep_ms(20);
  auto visits = visitors.stop();
  std::cout << "  faults: " << visits.size() << " redirects " << when << ", p99 " << faults::percentile_ms(visits, 0.99)
            << " ms" << std::endl;
  BOOST_TEST(!visits.empty());
  for (const auto& [error, count] : faults::failures(visits))
    BOOST_ERROR(when << ": " << count << " visits: " << error);
  return visits;
}

int api_status(const ClickInstance& instance) {
  support::HttpsClient client(instance.base_url(), instance.ca_file());
  return client.send(support::get("/readyz")).status;
}

void expect_all_in(const ClickInstance& instance, const faults::ClickLedger& ledger) {
  const auto back = Clock::now();
  const bool drained = instance.drained(kAllInWithin);
  std::cout << "  faults: all clicks in " << faults::seconds_since(back) << " s after the return of PostgreSQL"
            << std::endl;
  BOOST_TEST(drained, instance.unflushed() << " clicks are not in after " << kAllInWithin << " s");
  BOOST_TEST(faults::wait_until([&] { return api_status(instance) == 200; }, 10));
  const auto verdict = ledger.check(0);
  std::cout << "  faults: outage: " << verdict.summary() << std::endl;
  BOOST_TEST(verdict.good(), verdict.summary());
}

BOOST_AUTO_TEST_CASE(every_redirect_is_right_and_every_click_is_kept) {
  ClickInstance instance;
  faults::ClickLedger ledger(instance);
  const auto before = visit_for(instance, faults::repeat(4, 60), "before the outage");
  Outage outage;
  const auto during = visit_for(instance, faults::repeat(8, 600), "during the outage");
  BOOST_TEST(api_status(instance) == 503);
  outage.end();
  ledger.add(before);
  ledger.add(during);
  expect_all_in(instance, ledger);
  const double p99 = faults::percentile_ms(before, 0.99), p99_without = faults::percentile_ms(during, 0.99);
  std::cout << "  faults: p99 without PostgreSQL " << p99_without / p99 << " times that with it" << std::endl;
  BOOST_TEST(p99_without <= kSlower * p99 + kNoiseMs);
  BOOST_TEST(instance.logged("clicks_not_counted") == 1);
}

BOOST_AUTO_TEST_CASE(a_cold_start_without_it_serves_from_files_alone) {
  ClickInstance instance;
  faults::ClickLedger ledger(instance);
  Outage outage;
  ledger.add(visit_for(instance, 1, "before everything is killed"));
  for (int round = 0; round < 2; ++round) {
    instance.kill_nginx();
    if (round == 0)
      instance.kill_web();
    else
      instance.stop_web();
    instance.start_web();
    instance.start_nginx();
    ledger.add(visit_for(instance, faults::repeat(2, 30), round == 0 ? "after a kill" : "after a stop"));
  }
  outage.end();
  expect_all_in(instance, ledger);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
