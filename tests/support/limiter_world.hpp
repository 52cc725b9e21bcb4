// A world in which the rate limiter's processes are fibers. At every access to shared memory, and at every look at the
// clock, a scheduler may let another go on, let time pass, or let the process die. The world knows at each moment which
// admissions have been made, and judges every one of them.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "app/shm/rate_limiter.hpp"
#include "tests/support/fibers.hpp"

namespace support {

class LimiterWorld {
 public:
  static constexpr base::Micros kWindow = 1000;

  struct Scheduler {
    virtual ~Scheduler() = default;
    virtual std::size_t choose(std::size_t asking, const std::vector<std::size_t>& able) = 0;  // see Fibers
    virtual bool dies() = 0;  // asked first, before each step; `choose` is next
  };

  struct Breaches {
    int too_many = 0;    // an admission with `quota` others in the window before it
    int too_few = 0;     // a refusal with fewer than that
    int unordered = 0;   // an admission earlier than the one before it
    int unrecorded = 0;  // allowed but not in the log, or in the log though not allowed
    int doubles = 0;     // moments at which a key had two slots
    int sum() const { return too_many + too_few + unordered + unrecorded + doubles; }
  };

  // One bucket of `slots`. Only one world at a time.
  LimiterWorld(int slots, int quota, Scheduler& scheduler);
  ~LimiterWorld() { instance = nullptr; }
  LimiterWorld(const LimiterWorld&) = delete;
  LimiterWorld& operator=(const LimiterWorld&) = delete;

  // A process that charges these one after another. If it dies of one, the next is charged by another process.
  void add(std::vector<std::uint64_t> keys);
  void run() { fibers_.run(); }

  base::Micros now = 0;
  Breaches breaches;
  int allowed = 0, refused = 0, uncounted = 0;
  int deaths = 0, deaths_after_a_swap = 0;  // the latter: between a successful compare-and-swap and the next access

 private:
  struct Platform {
    struct Atomic {
      std::atomic<shm::Word> word;
      shm::Word load() const;
      bool compare_exchange_strong(shm::Word& expected, shm::Word desired);
    };
    static base::Micros now();
  };
  struct Process {
    std::uint64_t key = 0;
    base::Micros read = 0;  // what it last read from the clock
    int made = 0;           // admissions, by this charge
    bool has_swapped = false;
  };
  struct Died {};
  struct alignas(shm::kCacheLine) CacheLine {
    char bytes[shm::kCacheLine] = {};
  };

  static inline LimiterWorld* instance = nullptr;

  void charge(std::uint64_t key);
  void step();
  void swapped(shm::Word desired);
  void judge(const Process& self, const shm::Decision& decision);

  int slots_, quota_;
  Scheduler& scheduler_;
  std::vector<CacheLine> memory_;
  shm::BasicRateLimiter<Platform> limiter_;
  Fibers fibers_;
  std::map<std::size_t, Process> processes_;                 // by fiber
  std::map<std::uint64_t, std::vector<base::Micros>> made_;  // by key: its admissions' times in the order of the swaps
};

}  // namespace support
