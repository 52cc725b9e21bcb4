#include "tests/support/limiter_world.hpp"

#include "tests/support/limiter_table.hpp"

namespace support {

LimiterWorld::LimiterWorld(int slots, int quota, Scheduler& scheduler)
    : slots_(slots),
      quota_(quota),
      scheduler_(scheduler),
      memory_(decltype(limiter_)::bytes(slots, quota) / sizeof(CacheLine)),
      limiter_(memory_.data(), slots, quota, kWindow),
      fibers_([this](std::size_t asking, const std::vector<std::size_t>& able) {
        return scheduler_.choose(asking, able);
      }) {
  instance = this;
}

shm::Word LimiterWorld::Platform::Atomic::load() const {
  instance->step();
  return word.load();
}

bool LimiterWorld::Platform::Atomic::compare_exchange_strong(shm::Word& expected, shm::Word desired) {
  if (!instance) return word.compare_exchange_strong(expected, desired);  // the limiter is under construction
  instance->step();
  const bool done = word.compare_exchange_strong(expected, desired);
  if (done) instance->swapped(desired);
  return done;
}

base::Micros LimiterWorld::Platform::now() {
  instance->step();
  return instance->processes_[instance->fibers_.current()].read = instance->now;
}

void LimiterWorld::add(std::vector<std::uint64_t> keys) {
  fibers_.add([this, keys = std::move(keys)] {
    for (const auto key : keys) charge(key);
  });
}

void LimiterWorld::charge(std::uint64_t key) {
  Process& self = processes_[fibers_.current()] = Process{.key = key};
  try {
    judge(self, limiter_.charge(key, quota_));
  } catch (const Died&) {
    ++deaths;
    deaths_after_a_swap += self.has_swapped;
  }
  if (holders(memory_.data(), 1, static_cast<std::size_t>(slots_)).most_of_one_key > 1) ++breaches.doubles;
}

void LimiterWorld::step() {
  if (scheduler_.dies()) throw Died{};
  fibers_.yield();
  processes_[fibers_.current()].has_swapped = false;
}

// A cell's word says when its entry leaves the window: an admission made now leaves one window after its maker's clock.
void LimiterWorld::swapped(shm::Word desired) {
  Process& self = processes_[fibers_.current()];
  self.has_swapped = true;
  if (desired >> 16 != static_cast<shm::Word>(self.read + kWindow)) return;
  ++self.made;
  auto& times = made_[self.key];
  const auto quota = static_cast<std::size_t>(quota_);
  if (!times.empty() && times.back() > self.read) ++breaches.unordered;
  if (times.size() >= quota && times[times.size() - quota] + kWindow > self.read) ++breaches.too_many;
  times.push_back(self.read);
}

// A refusal is judged as of its look at the clock, after which it accesses nothing.
void LimiterWorld::judge(const Process& self, const shm::Decision& decision) {
  if (self.made != (decision.allowed && !decision.table_full ? 1 : 0)) ++breaches.unrecorded;
  ++(decision.table_full ? uncounted : decision.allowed ? allowed : refused);
  if (decision.allowed) return;
  int within = 0;
  for (const auto time : made_[self.key]) within += time + kWindow > self.read;
  if (within < quota_) ++breaches.too_few;
}

}  // namespace support
