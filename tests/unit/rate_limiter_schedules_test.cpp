// Every schedule of small scenes with up to two interruptions (with QL_FAULTS=full, three): at each access to shared
// memory, the process is set aside, also for longer than a window, or dies, and each of the others goes on. Most bugs
// of lock-free code need no more than that.
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)  // which do not follow stacks that are swapped
#include <algorithm>
#include <cstdlib>
#include <string>

#include "tests/support/boost_test.hpp"
#include "tests/support/limiter_world.hpp"

namespace {

using support::LimiterWorld;
using Able = std::vector<std::size_t>;
using Keys = std::vector<std::uint64_t>;

enum class Kind { set_aside, set_aside_for_a_window, killed };
constexpr Kind kKinds[] = {Kind::set_aside, Kind::set_aside_for_a_window, Kind::killed};

struct Interruption {
  std::size_t step;
  std::size_t goes_on;
  Kind kind;
};

// Lets each process run to its end, in order, but for the planned interruptions.
class Plan : public LimiterWorld::Scheduler {
 public:
  struct Step {
    std::size_t running;
    Able able;
  };

  std::size_t choose(std::size_t asking, const Able& able) override {
    const auto can = [&](std::size_t who) { return std::find(able.begin(), able.end(), who) != able.end(); };
    if (began && can(asking)) trace.push_back({asking, able});
    if (began && done_ < interruptions.size() && can(asking) && trace.size() - 1 == interruptions[done_].step) {
      const auto& now = interruptions[done_++];
      if (now.kind == Kind::set_aside_for_a_window) world->now += LimiterWorld::kWindow;
      preferred_ = now.goes_on;
      dies_ = now.kind == Kind::killed;
      return dies_ ? asking : preferred_;
    }
    if (can(preferred_)) return preferred_;
    return can(asking) ? asking : able.front();
  }
  bool dies() override { return std::exchange(dies_, false); }

  LimiterWorld* world = nullptr;
  bool began = false;
  std::vector<Interruption> interruptions;
  std::vector<Step> trace;

 private:
  std::size_t done_ = 0;
  std::size_t preferred_ = 0;
  bool dies_ = false;
};

struct Scene {
  const char* what;
  int slots;
  int quota;
  Keys before;  // charged a window ago
  std::vector<Keys> processes;
};

class Explorer {
 public:
  explicit Explorer(const Scene& scene) : scene_(scene) {}

  void explore(std::vector<Interruption> interruptions, std::size_t more) {
    const auto trace = run(interruptions);
    if (more == 0) return;
    const std::size_t first = interruptions.empty() ? 0 : interruptions.back().step + 1;
    for (std::size_t step = first; step < trace.size(); ++step)
      for (const std::size_t other : trace[step].able)
        for (const Kind kind : kKinds) {
          if (other == trace[step].running) continue;
          auto longer = interruptions;
          longer.push_back({step, other, kind});
          explore(std::move(longer), more - 1);
        }
  }

  int runs = 0, breaches = 0, deaths = 0, allowed = 0, refused = 0;

 private:
  std::vector<Plan::Step> run(const std::vector<Interruption>& interruptions) {
    Plan plan;
    LimiterWorld world(scene_.slots, scene_.quota, plan);
    plan.world = &world;
    world.add(scene_.before);
    world.run();
    world.now += LimiterWorld::kWindow;
    for (const auto& keys : scene_.processes) world.add(keys);
    plan.interruptions = interruptions;
    plan.began = true;
    world.run();
    ++runs;
    breaches += world.breaches.sum();
    deaths += world.deaths, allowed += world.allowed, refused += world.refused;
    return plan.trace;
  }

  Scene scene_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(rate_limiter_schedules_suite)

BOOST_AUTO_TEST_CASE(no_schedule_with_few_interruptions_does_harm) {
  const char* mode = std::getenv("QL_FAULTS");
  const std::size_t interruptions = mode && std::string(mode) == "full" ? 3 : 2;
  constexpr std::uint64_t a = 1, b = 2, c = 3;
  for (const auto& scene : {
           Scene{"three charge one key", 2, 1, {a}, {{a}, {a}, {a}}},
           Scene{"two charge one key twice", 2, 2, {a}, {{a, a}, {a, a}}},
           Scene{"three claim a slot for one new key", 2, 1, {}, {{a}, {a}, {a}}},
           Scene{"three keys want one slot", 1, 1, {}, {{a}, {b}, {c}}},
           Scene{"an idle key is charged while two take its slot", 1, 1, {a}, {{a}, {b}, {b}}},
           Scene{"an idle key comes twice while another takes its slot", 1, 2, {a}, {{a}, {b}, {a}}},
           Scene{"two new keys and two idle ones", 2, 1, {a, b}, {{c}, {a}, {c}}},
       }) {
    Explorer explorer(scene);
    explorer.explore({}, interruptions);
    BOOST_TEST_MESSAGE("  " << scene.what << ": " << explorer.runs << " schedules, " << explorer.allowed << " allowed, "
                            << explorer.refused << " refused, " << explorer.deaths << " died, " << explorer.breaches
                            << " breaches");
    BOOST_TEST(explorer.breaches == 0);
    BOOST_TEST(explorer.runs > 1000);
  }
}

BOOST_AUTO_TEST_SUITE_END()
#endif
