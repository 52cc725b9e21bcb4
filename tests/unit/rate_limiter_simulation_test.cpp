// The rate limiter under a scheduler of our own: at each point between two compare-and-swaps that belong together, a
// process may fall asleep while others charge (and the clock runs), or die. One thread plays them all, so every run can
// be repeated by its seed, and the test knows at each moment which admissions have been made.
#include <array>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include "app/shm/rate_limiter.hpp"
#include "app/shm/region.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/limiter_table.hpp"

namespace {

constexpr base::Micros kWindow = 1000;

struct Staged {
  static inline std::function<base::Micros()> clock;
  static inline std::function<void(shm::Point)> stage;
  static base::Micros now() { return clock(); }
  static void reached(shm::Point point) { stage(point); }
};

struct Died {};

class Simulation {
 public:
  Simulation(unsigned seed, int slots, int quota, int keys)
      : random_(seed),
        slots_(slots),
        quota_(quota),
        keys_(keys),
        region_(shm::Region::anonymous("simulation", Limiter::bytes(slots, quota))),
        limiter_(region_.data(), slots, quota, kWindow) {
    Staged::clock = [this] {
      current_->about_to_admit = false;
      return current_->read = now_;
    };
    Staged::stage = [this](shm::Point point) { reached(point); };
  }

  void run(int steps) {
    for (int step = 0; step < steps; ++step) {
      pass_time();
      act();
      const auto table = support::holders(region_.data(), 1, static_cast<std::size_t>(slots_));
      if (table.most_of_one_key > 1) ++doubles;
    }
  }

  int too_many = 0, too_few = 0, unordered = 0, unrecorded = 0, doubles = 0;  // breaches
  int allowed = 0, refused = 0, uncounted = 0;
  std::array<int, 6> sleeps{}, deaths{};  // by point

 private:
  using Limiter = shm::BasicRateLimiter<Staged>;

  struct Process {
    std::uint64_t key;
    base::Micros read = 0;        // what it last read from the clock
    bool about_to_admit = false;  // between that and its swap
    int made = 0;
  };

  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

  void pass_time() {
    if (below(3) == 0) now_ += below(static_cast<int>(kWindow) / 2);
    if (below(100) == 0) now_ += kWindow;
  }

  // One process charges once. Others may do so in the middle of it.
  void act() {
    Process self{static_cast<std::uint64_t>(below(keys_))};
    Process* const outer = std::exchange(current_, &self);
    ++depth_;
    try {
      judge(self, limiter_.charge(self.key, quota_));
    } catch (const Died&) {
    }
    --depth_;
    current_ = outer;
  }

  void reached(shm::Point point) {
    Process& self = *current_;
    if (point == shm::Point::clock_read) self.about_to_admit = true;
    if (point == shm::Point::entry_made && std::exchange(self.about_to_admit, false)) admit(self);
    if (const int fate = below(12); fate == 0) {
      ++deaths[static_cast<std::size_t>(point)];
      throw Died{};
    } else if (fate < 5 && depth_ < 4) {
      ++sleeps[static_cast<std::size_t>(point)];
      for (int others = 1 + below(quota_ + 2); others > 0; --others) {
        pass_time();
        act();
      }
    }
  }

  void admit(Process& self) {
    ++self.made;
    auto& times = made_[self.key];
    const auto quota = static_cast<std::size_t>(quota_);
    if (!times.empty() && times.back() > self.read) ++unordered;
    if (times.size() >= quota && times[times.size() - quota] + kWindow > self.read) ++too_many;
    times.push_back(self.read);
  }

  void judge(const Process& self, const shm::Decision& decision) {
    if (self.made != (decision.allowed && !decision.table_full ? 1 : 0)) ++unrecorded;
    ++(decision.table_full ? uncounted : decision.allowed ? allowed : refused);
    if (decision.allowed) return;
    int within = 0;
    for (const auto time : made_[self.key]) within += time + kWindow > self.read;
    if (within < quota_) ++too_few;
  }

  std::mt19937 random_;
  int slots_, quota_, keys_;
  shm::Region region_;
  Limiter limiter_;
  std::map<std::uint64_t, std::vector<base::Micros>>
      made_;  // by key: the times of its admissions, in the order of the swaps
  base::Micros now_ = 0;
  Process* current_ = nullptr;
  int depth_ = 0;
};

constexpr std::array kPoints = {"clock read",    "entry made",  "claim announced",
                                "claim granted", "close begun", "close fenced"};

void simulate(int slots, int quota, int keys) {
  constexpr unsigned kSeeds = 40;
  constexpr int kSteps = 400;
  int allowed = 0, refused = 0, uncounted = 0;
  std::array<int, 6> sleeps{}, deaths{};
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    Simulation run(seed, slots, quota, keys);
    run.run(kSteps);
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(run.too_many == 0);
      BOOST_TEST(run.too_few == 0);
      BOOST_TEST(run.unordered == 0);
      BOOST_TEST(run.unrecorded == 0);
      BOOST_TEST(run.doubles == 0);
    }
    allowed += run.allowed, refused += run.refused, uncounted += run.uncounted;
    for (std::size_t i = 0; i < kPoints.size(); ++i) sleeps[i] += run.sleeps[i], deaths[i] += run.deaths[i];
  }
  BOOST_TEST_MESSAGE("  " << slots << " slots, quota " << quota << ", " << keys << " keys: " << allowed << " allowed, "
                          << refused << " refused, " << uncounted << " uncounted: none too many, none too few");
  for (std::size_t i = 0; i < kPoints.size(); ++i) {
    BOOST_TEST_MESSAGE("    " << kPoints[i] << ": " << sleeps[i] << " slept, " << deaths[i] << " died");
    if (i < 4 || keys > slots) BOOST_TEST(deaths[i] > 0);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rate_limiter_simulation_suite)

BOOST_AUTO_TEST_CASE(sleepers_and_dead_do_no_harm) {
  simulate(8, 5, 4);  // rings
  simulate(2, 3, 8);  // slots change hands all the time
  simulate(1, 1, 3);
  simulate(16, 2, 40);
}

BOOST_AUTO_TEST_SUITE_END()
