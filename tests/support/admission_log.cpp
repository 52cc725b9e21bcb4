#include "tests/support/admission_log.hpp"

#include <algorithm>

#include <signal.h>
#include <unistd.h>

namespace support {
namespace {

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

void access() {
  if (Witness::accesses_left > 0 && --Witness::accesses_left == 0) die();
  if (Witness::call) Witness::call->swap = Swap::none;
}

bool killed(const Call& call) {
  return call.after == 0;
}

}  // namespace

shm::Word Witness::Atomic::load() const {
  access();
  return word.load();
}

// An admission's word says that it leaves the window one window after its maker's clock.
bool Witness::Atomic::compare_exchange_strong(shm::Word& expected, shm::Word desired) {
  access();
  if (!call) return word.compare_exchange_strong(expected, desired);
  const bool admission = desired >> 16 == static_cast<shm::Word>(call->read + window);
  if (admission) call->outcome = Outcome::doubtful;
  const bool done = word.compare_exchange_strong(expected, desired);
  if (admission) call->outcome = done ? Outcome::made : Outcome::open;
  call->swap = !done ? Swap::none : admission ? Swap::admission : Swap::other;
  if (done && swaps_left > 0 && --swaps_left == 0) die();
  if (done && admission && admissions_left > 0 && --admissions_left == 0) die();
  return done;
}

base::Micros Witness::now() {
  const auto time = shm::Machine::now();
  call->read = time;
  return time;
}

shm::Decision witnessed_charge(WitnessedLimiter& limiter, Journal& journal, std::uint32_t key, int quota) {
  Call& call = journal.calls[journal.count];
  call.key = key;
  call.before = shm::Machine::now();
  ++journal.count;
  Witness::call = &call;
  const auto decision = limiter.charge(key, quota);
  Witness::call = nullptr;
  call.after = shm::Machine::now();
  call.outcome = decision.table_full ? Outcome::uncounted : decision.allowed ? Outcome::allowed : Outcome::refused;
  return decision;
}

void AdmissionCheck::add(const Journal& journal) {
  for (std::size_t i = 0; i < journal.count; ++i) {
    const Call& call = journal.calls[i];
    Key& key = keys_[call.key];
    const base::Micros read = call.read;
    result_.killed_after_swap += call.swap.load() == Swap::other && killed(call);
    switch (call.outcome.load()) {
      case Outcome::open:
        break;
      case Outcome::doubtful:
        key.doubtful.push_back(read);
        break;
      case Outcome::uncounted:
        ++result_.uncounted;
        break;
      case Outcome::refused:
        key.refused.push_back(read);
        break;
      case Outcome::made:
        key.admitted.push_back(read);
        result_.killed_between += call.swap.load() == Swap::admission;
        break;
      case Outcome::allowed:
        key.admitted.push_back(read);
        key.answered.push_back({call.before, call.after});
        if (read < call.before || read > call.after) ++result_.outside_call;
        break;
    }
  }
}

// How many of these are in the window that ends at `until`.
std::size_t AdmissionCheck::within(const std::vector<base::Micros>& sorted, base::Micros until) const {
  const auto first = std::upper_bound(sorted.begin(), sorted.end(), until - window_);
  return static_cast<std::size_t>(std::upper_bound(first, sorted.end(), until) - first);
}

void AdmissionCheck::judge(Key& key) {
  std::sort(key.admitted.begin(), key.admitted.end());
  std::sort(key.doubtful.begin(), key.doubtful.end());
  std::sort(key.answered.begin(), key.answered.end(), [](auto a, auto b) { return a.before < b.before; });
  for (const auto time : key.admitted) {
    const auto count = within(key.admitted, time);
    result_.fullest = std::max(result_.fullest, count);
    if (count > quota_) ++result_.too_many;
  }
  for (const auto time : key.refused)
    if (within(key.admitted, time) + within(key.doubtful, time) < quota_) ++result_.too_few;
  for (auto first = key.answered.begin(); first != key.answered.end(); ++first) {
    std::size_t count = 0;
    const auto end = first->before + window_;
    for (auto other = first; other != key.answered.end() && other->before < end; ++other) count += other->after < end;
    if (count > quota_) ++result_.too_many_outside;
  }
  result_.admitted += key.admitted.size();
  result_.refused += key.refused.size();
  result_.doubtful += key.doubtful.size();
}

AdmissionCheck::Result AdmissionCheck::result() {
  for (auto& [name, key] : keys_) judge(key);
  return result_;
}

}  // namespace support
