// The rate limiter over processes that are killed with SIGKILL: from outside at any moment, at a chosen access to
// shared memory, and between the two compare-and-swaps of an admission, while others go on. The logs of all, also of
// the dead, are merged and checked. 50 kills for each scene, with QL_FAULTS=full 1,000.
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/shm/region.hpp"
#include "tests/support/admission_log.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/limiter_table.hpp"

namespace {

constexpr std::size_t kProcesses = 8;

struct Scene {
  int slots;
  int quota;
  std::uint32_t keys;
  base::Micros window;
};

class Killing {
 public:
  explicit Killing(const Scene& scene)
      : check(scene.quota, scene.window),
        scene_(scene),
        table_(shm::Region::anonymous("limiter", support::WitnessedLimiter::bytes(scene.slots, scene.quota))) {
    support::Witness::window = scene.window;
  }

  // Eight processes charge at once; some of them are killed. Then the table is looked at.
  void round() {
    const auto memory = shm::Region::anonymous("journals", kProcesses * sizeof(support::Journal));
    auto* journals = static_cast<support::Journal*>(memory.data());
    std::vector<pid_t> running;
    for (std::size_t i = 0; i < kProcesses; ++i) running.push_back(start(journals[i]));
    kill_some(running);
    for (const pid_t pid : running) kills += killed(pid);
    for (std::size_t i = 0; i < kProcesses; ++i) check.add(journals[i]);
    const auto table = support::holders(table_.data(), 1, static_cast<std::size_t>(scene_.slots));
    if (table.most_of_one_key > 1) ++doubles;
    closing_left += table.closing;
  }

  support::AdmissionCheck check;
  int kills = 0;
  int doubles = 0;       // rounds after which a key had two slots
  int closing_left = 0;  // slots that a killed process left half closed, for others to finish

 private:
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

  pid_t start(support::Journal& journal) {
    const unsigned seed = static_cast<unsigned>(random_());
    const int plan = below(4);
    const int when = 1 + below(plan == 1 ? 8000 : plan == 2 ? 50 : 3);
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    if (plan == 0) support::Witness::admissions_left = when;
    if (plan == 1) support::Witness::accesses_left = when;
    if (plan == 2) support::Witness::swaps_left = when;
    work(journal, seed);
    ::_exit(0);
  }

  void work(support::Journal& journal, unsigned seed) {
    std::minstd_rand random(seed);
    support::WitnessedLimiter limiter(table_.data(), scene_.slots, scene_.quota, scene_.window);
    while (journal.count < support::Journal::kCalls) {
      const auto decision =
          support::witnessed_charge(limiter, journal, static_cast<std::uint32_t>(random()) % scene_.keys, scene_.quota);
      if (!decision.allowed && random() % 8 == 0) ::usleep(static_cast<useconds_t>(random() % 50));
    }
  }

  void kill_some(const std::vector<pid_t>& running) {
    for (int i = 0; i < 3; ++i) {
      ::usleep(static_cast<useconds_t>(below(1500)));
      ::kill(running[static_cast<std::size_t>(below(kProcesses))],
             SIGKILL);  // none is waited for yet: the id is its own
    }
  }

  static bool killed(pid_t pid) {
    int status = 0;
    BOOST_REQUIRE(::waitpid(pid, &status, 0) == pid);
    BOOST_REQUIRE((WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0));
    return WIFSIGNALED(status);
  }

  Scene scene_;
  shm::Region table_;
  std::mt19937 random_{42};
};

void play(const Scene& scene) {
  const char* mode = std::getenv("QL_FAULTS");
  const int wanted = mode && std::string(mode) == "full" ? 1000 : 50;
  Killing killing(scene);
  while (killing.kills < wanted) killing.round();
  const auto result = killing.check.result();
  BOOST_TEST_MESSAGE("  " << scene.slots << " slots, " << scene.keys << " keys, quota " << scene.quota << " in "
                          << scene.window << " us, 8 processes: " << killing.kills << " kills, "
                          << result.killed_between << " of them between the two swaps of an admission, "
                          << result.killed_after_swap << " just after another; " << result.admitted << " admitted, "
                          << result.refused << " refused, " << result.uncounted << " uncounted; at most "
                          << result.fullest << " in a window; " << killing.closing_left << " slots left half closed");
  BOOST_TEST(result.too_many == 0u);
  BOOST_TEST(result.too_many_outside == 0u);
  BOOST_TEST(result.too_few == 0u);
  BOOST_TEST(result.outside_call == 0u);
  BOOST_TEST(killing.doubles == 0);
  BOOST_TEST(result.killed_between > 0u);
  BOOST_TEST(result.fullest == static_cast<std::size_t>(scene.quota));
  BOOST_TEST((scene.keys > static_cast<std::uint32_t>(scene.slots) || result.uncounted == 0));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rate_limiter_kill_suite)

BOOST_AUTO_TEST_CASE(the_limit_is_exact_while_processes_are_killed) {
  play({.slots = 8, .quota = 120, .keys = 2, .window = 20'000});
  play({.slots = 8, .quota = 10, .keys = 3, .window = 2'000});
}

BOOST_AUTO_TEST_CASE(slots_that_change_hands_stay_exact_while_processes_are_killed) {
  play({.slots = 4, .quota = 3, .keys = 12, .window = 1'000});
  play({.slots = 1, .quota = 1, .keys = 3, .window = 500});
  play({.slots = 24, .quota = 4, .keys = 40, .window = 1'000});
}

BOOST_AUTO_TEST_SUITE_END()
