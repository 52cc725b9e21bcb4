// What threads or processes saw of the rate limiter, written where a killed one leaves it behind, and the check of all
// their logs merged: never more than the quota in any rolling window, never one refused that should pass.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <vector>

#include "app/shm/rate_limiter.hpp"

namespace support {

enum class Outcome : std::uint32_t {
  open,      // under way or killed; nothing admitted
  doubtful,  // killed at its swap: admitted or not
  made,      // killed after its swap: admitted, though nobody was told
  allowed,
  refused,
  uncounted,  // the table was full
};

// The compare-and-swap that has succeeded, if nothing has been accessed since.
enum class Swap : std::uint32_t { none, admission, other };

struct Call {
  std::atomic<Outcome> outcome;
  std::atomic<std::uint32_t> key;
  std::atomic<Swap> swap;
  std::atomic<base::Micros> before;  // the clock outside the call
  std::atomic<base::Micros> read;    // what the limiter last read from it
  std::atomic<base::Micros> after;
};

// Of one thread or process.
struct Journal {
  static constexpr std::size_t kCalls = 1000;
  std::atomic<std::size_t> count;
  Call calls[kCalls];
};

// The rate limiter's platform: the machine's own, but it notes in the current call what happens, and it can end the
// process at a chosen access to shared memory.
struct Witness {
  struct Atomic {
    std::atomic<shm::Word> word;
    shm::Word load() const;
    bool compare_exchange_strong(shm::Word& expected, shm::Word desired);
  };
  static base::Micros now();

  static inline base::Micros window = 0;  // the limiter's
  static inline thread_local Call* call = nullptr;
  static inline thread_local int accesses_left = 0;    // then SIGKILL; 0: never
  static inline thread_local int swaps_left = 0;       // likewise, just after a swap of any kind
  static inline thread_local int admissions_left = 0;  // then SIGKILL between the swap of the cell and that of head
};

using WitnessedLimiter = shm::BasicRateLimiter<Witness>;

// Charges, and appends what came of it to the journal, which must have room.
shm::Decision witnessed_charge(WitnessedLimiter& limiter, Journal& journal, std::uint32_t key, int quota);

class AdmissionCheck {
 public:
  AdmissionCheck(int quota, base::Micros window) : quota_(static_cast<std::size_t>(quota)), window_(window) {}

  void add(const Journal& journal);

  struct Result {
    std::size_t admitted = 0, refused = 0, uncounted = 0, doubtful = 0;
    std::size_t killed_between = 0;     // the two swaps of an admission
    std::size_t killed_after_swap = 0;  // another one: of head, a claim, a closing
    std::size_t too_many = 0;           // by the limiter's own times
    std::size_t too_many_outside = 0;   // by nothing but answers, and clocks before and after the calls
    std::size_t too_few = 0;
    std::size_t outside_call = 0;  // the limiter's time was not within the call
    std::size_t fullest = 0;       // the most admissions in one window
  };
  Result result();

 private:
  struct Span {
    base::Micros before, after;
  };
  struct Key {
    std::vector<base::Micros> admitted, doubtful, refused;
    std::vector<Span> answered;  // allowed
  };
  void judge(Key& key);
  std::size_t within(const std::vector<base::Micros>& sorted, base::Micros until) const;

  std::size_t quota_;
  base::Micros window_;
  std::map<std::uint32_t, Key> keys_;
  Result result_;
};

}  // namespace support
