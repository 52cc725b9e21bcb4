// The rate limiter in one thread, under a clock that the test turns, against a model that is too simple to be wrong.
#include "app/shm/rate_limiter.hpp"

#include <deque>
#include <map>
#include <memory>
#include <random>

#include "app/shm/region.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/limiter_table.hpp"

namespace {

struct TurnedByHand {
  using Atomic = shm::Machine::Atomic;
  static inline base::Micros clock = 0;
  static base::Micros now() { return clock; }
};

using Limiter = shm::BasicRateLimiter<TurnedByHand>;
constexpr base::Micros kMinute = 60'000'000;

struct Bench {
  Bench(int slots, int cells, base::Micros window)
      : region(shm::Region::anonymous("test", Limiter::bytes(slots, cells))),
        limiter(region.data(), slots, cells, window) {}
  shm::Region region;
  Limiter limiter;
};

// The times of each key's admissions, and nothing else.
class Model {
 public:
  Model(int slots, int cells, base::Micros window) : slots_(slots), cells_(cells), window_(window) {}

  shm::Decision charge(std::uint64_t key, int quota, base::Micros now) {
    if (quota < 1) return {.reset_after = window_};
    quota = std::min(quota, cells_);
    if (others_in_use(key, now) >= slots_)
      return {.allowed = true, .table_full = true, .remaining = quota - 1, .reset_after = window_};
    auto result = peek(key, quota, now);
    if (!result.allowed) return result;
    times_[key].push_back(now);
    const auto after = peek(key, quota, now);
    return {.allowed = true, .remaining = after.remaining, .reset_after = after.reset_after};
  }

  shm::Decision peek(std::uint64_t key, int quota, base::Micros now) {
    if (quota < 1) return {.reset_after = window_};
    quota = std::min(quota, cells_);
    std::deque<base::Micros> within;
    for (const auto time : times_[key])
      if (time + window_ > now) within.push_back(time);
    if (static_cast<int>(within.size()) > quota) within.erase(within.begin(), within.end() - quota);
    const int remaining = quota - static_cast<int>(within.size());
    return {.allowed = remaining > 0,
            .remaining = remaining,
            .reset_after = within.empty() ? 0 : within.front() + window_ - now};
  }

 private:
  int others_in_use(std::uint64_t key, base::Micros now) const {
    int count = 0;
    for (const auto& [other, times] : times_)
      if (other != key && !times.empty() && times.back() + window_ > now) ++count;
    return count;
  }

  int slots_;
  int cells_;
  base::Micros window_;
  std::map<std::uint64_t, std::deque<base::Micros>> times_;
};

bool equal(const shm::Decision& a, const shm::Decision& b) {
  return a.allowed == b.allowed && a.table_full == b.table_full && a.remaining == b.remaining &&
         a.reset_after == b.reset_after;
}

// Random charges and looks by random keys with random quotas, at random times that often sit on a window's very edge.
struct Tally {
  int differences = 0, allowed = 0, refused = 0, full = 0;
};
Tally compare_with_model(unsigned seed, int slots, int cells, int keys, int steps) {
  constexpr base::Micros kWindow = 1000;
  Bench bench(slots, cells, kWindow);
  Model model(slots, cells, kWindow);
  std::mt19937 random(seed);
  const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  Tally tally;
  TurnedByHand::clock = below(2) * 1'000'000'000;  // also on a machine that has just booted
  base::Micros wait = 0;
  for (int step = 0; step < steps; ++step) {
    switch (below(6)) {
      case 0:
        TurnedByHand::clock += below(300);
        break;
      case 1:
        TurnedByHand::clock += wait;
        break;
      case 2:
        TurnedByHand::clock += std::max<base::Micros>(wait - 1, 0);
        break;
      default:
        break;
    }
    if (below(500) == 0) TurnedByHand::clock += below(3000);
    const auto key = static_cast<std::uint64_t>(below(keys));
    const int quota = below(10) == 0 ? below(cells + 3) - 1 : cells - static_cast<int>(key) % cells;
    const bool charge = below(4) != 0;
    const auto now = TurnedByHand::clock;
    const auto expected = charge ? model.charge(key, quota, now) : model.peek(key, quota, now);
    const auto found = charge ? bench.limiter.charge(key, quota) : bench.limiter.peek(key, quota);
    if (!equal(expected, found)) ++tally.differences;
    ++(found.table_full ? tally.full : found.allowed ? tally.allowed : tally.refused);
    wait = found.reset_after;
  }
  BOOST_TEST(support::holders(bench.region.data(), 1, static_cast<std::size_t>(slots)).most_of_one_key <= 1);
  return tally;
}

void check_against_model(int slots, int cells, int keys) {
  Tally sum;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const auto tally = compare_with_model(seed, slots, cells, keys, 20'000);
    sum.differences += tally.differences;
    sum.allowed += tally.allowed;
    sum.refused += tally.refused;
    sum.full += tally.full;
  }
  BOOST_TEST_MESSAGE("  " << slots << " slots, quota up to " << cells << ", " << keys << " keys: " << sum.allowed
                          << " allowed, " << sum.refused << " refused, " << sum.full << " uncounted, "
                          << sum.differences << " unlike the model");
  BOOST_TEST(sum.differences == 0);
  BOOST_TEST(sum.allowed > 10'000);
  BOOST_TEST(sum.refused > 10'000);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rate_limiter_suite)

BOOST_AUTO_TEST_CASE(every_answer_is_the_models_answer) {
  BOOST_TEST_MESSAGE("Allowed, remaining and reset agree with a list of times, whatever the quotas do:");
  check_against_model(8, 7, 5);
  check_against_model(8, 1, 3);
  check_against_model(3, 5, 9);  // more keys than slots: slots change hands, and some requests go uncounted
  check_against_model(1, 4, 3);
}

BOOST_AUTO_TEST_CASE(a_minute_has_exactly_120) {
  Bench bench(64, 600, kMinute);
  TurnedByHand::clock = 5;  // a machine that has just booted
  for (int i = 0; i < 120; ++i) {
    const auto decision = bench.limiter.charge(1, 120);
    BOOST_TEST(decision.allowed);
    BOOST_TEST(decision.remaining == 119 - i);
    BOOST_TEST(decision.reset_after == kMinute - i * 100'000);
    TurnedByHand::clock += 100'000;
  }
  const auto refused = bench.limiter.charge(1, 120);
  BOOST_TEST(!refused.allowed);
  BOOST_TEST(refused.reset_after == kMinute - 12'000'000);
  TurnedByHand::clock += refused.reset_after - 1;
  BOOST_TEST(!bench.limiter.charge(1, 120).allowed);
  TurnedByHand::clock += 1;
  BOOST_TEST(bench.limiter.charge(1, 120).allowed);
  BOOST_TEST(!bench.limiter.charge(1, 120).allowed);
  BOOST_TEST(bench.limiter.charge(2, 120).remaining == 119);  // another key is not concerned
}

BOOST_AUTO_TEST_CASE(a_quota_below_one_admits_nothing_and_one_above_the_cells_is_cut) {
  Bench bench(64, 5, kMinute);
  for (const int quota : {0, -1}) {
    BOOST_TEST(!bench.limiter.charge(1, quota).allowed);
    BOOST_TEST(!bench.limiter.peek(1, quota).allowed);
    BOOST_TEST(bench.limiter.charge(1, quota).reset_after == kMinute);
  }
  BOOST_TEST(support::holders(bench.region.data(), 1, 64).live == 0);
  for (int i = 0; i < 5; ++i) BOOST_TEST(bench.limiter.charge(1, 1'000'000).remaining == 4 - i);
  BOOST_TEST(!bench.limiter.charge(1, 1'000'000).allowed);
}

BOOST_AUTO_TEST_CASE(looking_takes_no_slot_and_charges_nothing) {
  Bench bench(64, 5, kMinute);
  for (int i = 0; i < 10; ++i) BOOST_TEST(bench.limiter.peek(1, 5).remaining == 5);
  BOOST_TEST(support::holders(bench.region.data(), 1, 64).live == 0);
  for (int i = 0; i < 5; ++i) bench.limiter.charge(1, 5);
  BOOST_TEST(!bench.limiter.peek(1, 5).allowed);
  BOOST_TEST(bench.limiter.peek(1, 5).reset_after == kMinute);
}

BOOST_AUTO_TEST_CASE(a_full_table_allows_and_says_so_until_a_slot_is_idle) {
  Bench bench(16, 5, kMinute);
  TurnedByHand::clock = 1'000'000'000;
  for (std::uint64_t key = 0; key < 16; ++key) BOOST_TEST(!bench.limiter.charge(key, 5).table_full);
  for (int i = 0; i < 10; ++i) {
    const auto uncounted = bench.limiter.charge(99, 5);
    BOOST_TEST(uncounted.allowed);
    BOOST_TEST(uncounted.table_full);
  }
  TurnedByHand::clock += kMinute - 1;
  BOOST_TEST(bench.limiter.charge(99, 5).table_full);
  TurnedByHand::clock += 1;
  BOOST_TEST(!bench.limiter.charge(99, 5).table_full);
  BOOST_TEST(bench.limiter.charge(99, 5).remaining == 3);
}

BOOST_AUTO_TEST_CASE(a_large_table_fills_to_nine_tenths_before_anyone_goes_uncounted) {
  Bench bench(16384, 2, kMinute);
  int at_half = 0, at_three_quarters = 0, in_all = 0;
  for (std::uint64_t key = 0; key < 16384; ++key) {
    in_all += bench.limiter.charge(key * 7919, 2).table_full;
    if (key == 16384 / 2) at_half = in_all;
    if (key == 16384 / 4 * 3) at_three_quarters = in_all;
  }
  BOOST_TEST_MESSAGE("  16,384 slots: " << at_half << " keys uncounted of 8,192, " << at_three_quarters
                                        << " of 12,288, " << in_all << " of 16,384");
  BOOST_TEST(at_half == 0);
  BOOST_TEST(at_three_quarters < 123);  // 1 %
  BOOST_TEST(in_all < 1638);
}

BOOST_AUTO_TEST_CASE(memory_in_use_with_other_numbers_is_refused) {
  Bench bench(16, 5, kMinute);
  BOOST_CHECK_NO_THROW(Limiter(bench.region.data(), 16, 5, kMinute));
  BOOST_CHECK_THROW(Limiter(bench.region.data(), 15, 5, kMinute), std::runtime_error);
  BOOST_CHECK_THROW(Limiter(bench.region.data(), 16, 4, kMinute), std::runtime_error);
  BOOST_CHECK_THROW(Limiter(bench.region.data(), 16, 5, kMinute / 2), std::runtime_error);
  BOOST_CHECK_THROW(Limiter(bench.region.data(), 0, 5, kMinute), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(its_clock_is_the_monotonic_one) {
  const auto monotonic = [] {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return base::Micros{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
  };
  const auto before = monotonic();
  const auto now = shm::Machine::now();
  BOOST_TEST(before <= now);
  BOOST_TEST(now <= monotonic());
  BOOST_TEST_MESSAGE("  The limiter reads CLOCK_MONOTONIC, which no change of the date moves.");
}

BOOST_AUTO_TEST_SUITE_END()
