#include "tests/faults/kill_points.hpp"

#include <algorithm>
#include <iostream>

#include "tests/support/boost_test.hpp"

namespace faults {
namespace {

constexpr double kLearnSeconds = 1.5;
constexpr double kReach = 4;     // seconds until the call is made that often
constexpr double kReplaced = 5;  // a crash loop's second included

}  // namespace

const char* const kTellingCalls =
    "?write,?writev,?pwrite64,?pwritev,?pwritev2,?sendto,?sendmsg,?sendfile,?fsync,?fdatasync,?msync,?ftruncate,?"
    "rename,"
    "?renameat,?renameat2,?unlink,?unlinkat,?symlink,?symlinkat,?mkdir,?mkdirat";

KillPoints::KillPoints(ClickInstance& instance, Victim victim, const VisitorOptions& options)
    : instance_(instance), victim_(std::move(victim)), visitors_(instance, options), ledger_(instance) {}

// The visitors begin when the tracer watches.
std::unique_ptr<Tracer> KillPoints::attach(const std::string& calls, const std::vector<Injection>& injections) {
  std::unique_ptr<Tracer> tracer;
  visitors_.pause();
  victim_.with([&](pid_t pid) {
    tracer = std::make_unique<Tracer>(pid, instance_.directory() + "/log/strace", calls, injections);
    victim_.stir();
  });
  visitors_.resume();
  return tracer;
}

std::map<std::string, int> KillPoints::learn() {
  const auto tracer = attach(kTellingCalls, {});
  const auto start = Clock::now();
  while (seconds_since(start) < kLearnSeconds) {
    victim_.stir();
    sleep_ms(100);
  }
  tracer->detach();
  return count_calls(tracer->lines());
}

bool KillPoints::kill_at(const std::string& call, int nth) {
  const auto tracer = attach("", {{.call = call, .when = std::to_string(nth)}});
  const auto start = Clock::now();
  while (!tracer->ended(0.1) && seconds_since(start) < kReach) victim_.stir();
  const bool killed = tracer->ended(0);
  if (!killed) tracer->detach();
  const bool replaced = wait_until([&] { return instance_.complete(); }, kReplaced);
  BOOST_TEST(replaced, victim_.name << " was not replaced after its " << call << " number " << nth);
  return killed;
}

void KillPoints::expect_good(const std::string& after) {
  visitors_.pause();
  ledger_.add(visitors_.take());
  const auto verdict = ledger_.check(30);
  BOOST_TEST(verdict.good(), victim_.name << " killed at " << after << ": " << verdict.summary());
  visitors_.resume();
}

void KillPoints::run(int most) {
  const auto calls = learn();
  const bool each = repeat(0, 1) != 0;  // the exact point of a failure costs a check after each
  BOOST_TEST(!calls.empty(), victim_.name << " makes no calls");
  for (const auto& [call, made] : calls) {
    int reached = 0;
    for (int nth = 1; nth <= std::min(most, made); ++nth) {
      const std::string point = call + " number " + std::to_string(nth);
      if (kill_at(call, nth))
        ++reached;
      else
        missed_ += (missed_.empty() ? "" : ", ") + point;
      if (each) expect_good(point);
    }
    kills_ += reached;
    reached_ += (reached_.empty() ? "" : ", ") + call + " " + std::to_string(reached);
    BOOST_TEST(reached > 0, victim_.name << " was never killed at " << call);
  }
  expect_good("any of these: " + reached_);
  const auto verdict = (visitors_.pause(), ledger_.add(visitors_.take()), ledger_.check(30));
  std::cout << "  faults: " << victim_.name << " killed " << kills_ << " times (" << reached_ << ")"
            << (missed_.empty() ? "" : "; not reached: " + missed_) << "; " << verdict.summary() << ", "
            << instance_.repeated() << " recognised as repeated" << std::endl;
}

}  // namespace faults
