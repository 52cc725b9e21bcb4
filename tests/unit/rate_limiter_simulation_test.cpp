// The rate limiter under schedulers of our own: its processes sleep, and die, at any access to shared memory, while
// others go on and time passes. First at random, then every schedule of small scenes with few interruptions. Each run
// can be repeated, and no swap escapes the judge. (Real threads and processes: rate_limiter_threads_test,
// tests/faults.)
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)  // which do not follow stacks that are swapped
#include <algorithm>
#include <random>

#include "tests/support/boost_test.hpp"
#include "tests/support/limiter_world.hpp"

namespace {

using support::LimiterWorld;
using Able = std::vector<std::size_t>;

class Dice : public LimiterWorld::Scheduler {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}

  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

  // Now and then someone falls asleep for long: the same few others go on.
  std::size_t choose(std::size_t asking, const Able& able) override {
    const bool can_go_on = std::find(able.begin(), able.end(), asking) != able.end();
    if (can_go_on && below(6) != 0) return asking;
    if (below(4) == 0) world->now += below(static_cast<int>(LimiterWorld::kWindow) / 2);
    if (below(200) == 0) asleep_ = static_cast<std::size_t>(below(8));
    const auto pick = able[static_cast<std::size_t>(below(static_cast<int>(able.size())))];
    return pick == asleep_ ? able[static_cast<std::size_t>(below(static_cast<int>(able.size())))] : pick;
  }
  bool dies() override { return below(300) == 0; }

  LimiterWorld* world = nullptr;

 private:
  std::mt19937 random_;
  std::size_t asleep_ = 99;
};

// 8 processes at random; the seeds' sum is judged.
void at_random(int slots, int quota, int keys, unsigned seeds) {
  int allowed = 0, refused = 0, uncounted = 0, deaths = 0, after_a_swap = 0;
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    Dice dice(seed);
    LimiterWorld world(slots, quota, dice);
    dice.world = &world;
    for (int process = 0; process < 8; ++process) {
      std::vector<std::uint64_t> charges(150);
      for (auto& key : charges) key = static_cast<std::uint64_t>(dice.below(keys));
      world.add(std::move(charges));
    }
    world.run();
    const auto& b = world.breaches;
    BOOST_TEST(b.sum() == 0, "seed " << seed << ": " << b.too_many << " too many, " << b.too_few << " too few, "
                                     << b.unordered << " unordered, " << b.unrecorded << " unrecorded, " << b.doubles
                                     << " doubles");
    allowed += world.allowed, refused += world.refused, uncounted += world.uncounted;
    deaths += world.deaths, after_a_swap += world.deaths_after_a_swap;
  }
  BOOST_TEST_MESSAGE("  " << slots << " slots, quota " << quota << ", " << keys << " keys: " << allowed << " allowed, "
                          << refused << " refused, " << uncounted << " uncounted, " << deaths << " died, "
                          << after_a_swap << " of them right after a swap");
  BOOST_TEST((keys > slots || uncounted == 0));
  BOOST_TEST(refused > 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rate_limiter_simulation_suite)

BOOST_AUTO_TEST_CASE(sleepers_and_dead_at_random_do_no_harm) {
  BOOST_TEST_MESSAGE(
      "8 processes that sleep and die at any access to shared memory; none admitted too many, none too few:");
  at_random(8, 5, 3, 100);
  at_random(2, 2, 6, 100);  // slots change hands all the time
  at_random(1, 1, 2, 100);
  at_random(4, 2, 9, 100);
}

BOOST_AUTO_TEST_SUITE_END()
#endif
