// The rate limiter under real threads on the real clock; `make unit VARIANT=tsan` has ThreadSanitizer watch.
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "app/shm/region.hpp"
#include "tests/support/admission_log.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/limiter_table.hpp"

namespace {

constexpr int kThreads = 8;

void contend(int slots, int quota, std::uint32_t keys, base::Micros window) {
  const auto region = shm::Region::anonymous("threads", support::WitnessedLimiter::bytes(slots, quota));
  support::Witness::window = window;
  support::WitnessedLimiter limiter(region.data(), slots, quota, window);
  support::AdmissionCheck check(quota, window);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::unique_ptr<support::Journal>> journals;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      auto& journal = *journals.emplace_back(std::make_unique<support::Journal>());
      threads.emplace_back([&, seed = static_cast<unsigned>(round * kThreads + i)] {
        std::minstd_rand random(seed + 1);
        while (journal.count < support::Journal::kCalls)
          support::witnessed_charge(limiter, journal, static_cast<std::uint32_t>(random()) % keys, quota);
      });
    }
    for (auto& thread : threads) thread.join();
    for (const auto& journal : journals) check.add(*journal);
    BOOST_TEST(support::holders(region.data(), 1, static_cast<std::size_t>(slots)).most_of_one_key <= 1);
  }
  const auto result = check.result();
  BOOST_TEST_MESSAGE("  " << slots << " slots, " << keys << " keys, quota " << quota << " in " << window
                          << " us: " << result.admitted << " admitted, " << result.refused << " refused, "
                          << result.uncounted << " uncounted; at most " << result.fullest << " in a window");
  BOOST_TEST(result.too_many == 0u);
  BOOST_TEST(result.too_many_outside == 0u);
  BOOST_TEST(result.too_few == 0u);
  BOOST_TEST(result.outside_call == 0u);
  BOOST_TEST(result.fullest == static_cast<std::size_t>(quota));
  BOOST_TEST((keys > static_cast<std::uint32_t>(slots) || result.uncounted == 0));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rate_limiter_threads_suite)

BOOST_AUTO_TEST_CASE(eight_threads_never_admit_one_too_many_or_refuse_one_too_few) {
  BOOST_TEST_MESSAGE("8 threads on the real clock:");
  contend(8, 120, 1, 50'000);
  contend(8, 10, 3, 2'000);
  contend(3, 3, 12, 1'000);  // slots change hands
}

BOOST_AUTO_TEST_CASE(eight_threads_share_the_production_limiter) {
  const auto region = shm::Region::anonymous("threads", shm::RateLimiter::bytes(64, 120));
  std::atomic<int> allowed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      shm::RateLimiter limiter(region.data(), 64, 120, 60'000'000);
      for (int n = 0; n < 1000; ++n) allowed += limiter.charge(42, 120).allowed;
    });
  for (auto& thread : threads) thread.join();
  BOOST_TEST_MESSAGE("  8,000 requests of one key at once: " << allowed << " allowed");
  BOOST_TEST(allowed == 120);
}

BOOST_AUTO_TEST_CASE(a_charge_costs_little) {
  constexpr int kCharges = 200'000;
  const auto nanoseconds_each = [](base::Micros window, int keys) {
    const auto region = shm::Region::anonymous("bench", shm::RateLimiter::bytes(16384, 120));
    shm::RateLimiter limiter(region.data(), 16384, 120, window);
    for (int key = 0; key < keys; ++key) limiter.charge(static_cast<std::uint64_t>(key), 120);
    const auto start = shm::Machine::now();
    for (int i = 0; i < kCharges; ++i) limiter.charge(static_cast<std::uint64_t>(i % keys), 120);
    return (shm::Machine::now() - start) * 1000 / kCharges;
  };
  const auto admitted = nanoseconds_each(1, 1);
  BOOST_TEST_MESSAGE("  ns for a charge: " << admitted << " admitted, " << nanoseconds_each(60'000'000, 1)
                                           << " refused, " << nanoseconds_each(60'000'000, 5000)
                                           << " admitted over 5,000 keys in turn");
  BOOST_TEST(admitted < 50'000);
}

BOOST_AUTO_TEST_SUITE_END()
