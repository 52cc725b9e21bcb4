#include "app/server/workforce.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <limits>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/base/log.hpp"
#include "app/base/signals.hpp"
#include "app/shm/scoreboard.hpp"

namespace server {
namespace {

constexpr base::Micros kSecond = 1'000'000;
constexpr base::Micros kBacktraceTime = 500'000;  // between SIGABRT and SIGKILL
constexpr base::Micros kForkAgain = kSecond;      // after fork failed or no slot was free
constexpr base::Micros kLastWord = 3 * kSecond;   // at least so long has a pool that leaves last

}  // namespace

Workforce::Workforce(std::vector<Pool> pools, base::Micros stop_timeout, Run run)
    : pools_(std::move(pools)), stop_timeout_(stop_timeout), run_(std::move(run)) {
  for (std::size_t pool = 0; pool < pools_.size(); ++pool)
    for (int index = 1; index <= pools_[pool].settings->workers; ++index)
      seats_.push_back({.pool = pool, .index = index, .holder = 0, .due = 0, .respawn = {}});
}

// --- starting -----------------------------------------------------------------------------------------------------

void Workforce::work() {
  const base::Micros now = base::monotonic_micros();
  if (stopping_) {
    dismiss();
  } else {
    relieve_predecessors();
    for (auto& seat : seats_)
      if (seat.holder == 0 && seat.due <= now) fill(seat);
  }
  for (auto& child : children_) supervise(child, now);
}

void Workforce::fill(Seat& seat) {
  seat.due = base::monotonic_micros() + kForkAgain;  // if this fails
  const int slot = free_slot(seat.slot);
  std::array<int, 2> pair{};
  if (slot < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    base::log::error("cannot_start_worker", {{"detail", slot < 0 ? "no free slot" : std::strerror(errno)}});
    return;
  }
  Fd mine(pair[0]);
  Fd theirs(pair[1]);
  const pid_t master = getpid();
  const pid_t pid = fork();
  if (pid == 0) become_worker(seat, slot, std::move(theirs), master);
  if (pid < 0) {
    base::log::error("cannot_start_worker", {{"detail", std::strerror(errno)}});
    return;
  }
  seat.holder = pid;
  seat.slot = slot;
  Child child;
  child.pid = pid;
  child.channel = std::move(mine);
  child.pool = seat.pool;
  child.index = seat.index;
  child.slot = slot;
  child.started = child.last_heard = base::monotonic_micros();
  children_.push_back(std::move(child));
}

// In the child. Its siblings' channels must close here, or they would not see the master's end.
void Workforce::become_worker(const Seat& seat, int slot, Fd channel, pid_t master) {
  base::forget_signals();
  const Pool& pool = pools_[seat.pool];
  for (const auto& other : pools_)
    if (other.listener >= 0 && other.listener != pool.listener) close(other.listener);
  children_.clear();
  _exit(run_({.pool = pool.name,
              .settings = pool.settings,
              .index = seat.index,
              .slot = slot,
              .listener = pool.listener,
              .channel = channel.get(),
              .master = master}));
}

int Workforce::free_slot(int preferred) const {
  std::array<bool, shm::Scoreboard::kMaxWorkers> taken{};
  for (const auto& child : children_) taken[static_cast<std::size_t>(child.slot)] = true;
  if (preferred >= 0 && !taken[static_cast<std::size_t>(preferred)]) return preferred;
  const auto free = std::find(taken.begin(), taken.end(), false);
  return free == taken.end() ? -1 : static_cast<int>(free - taken.begin());
}

// --- listening ----------------------------------------------------------------------------------------------------

void Workforce::listen_to_all(std::vector<pollfd>& polled) const {
  for (const auto& child : children_) polled.push_back({child.channel.get(), POLLIN, 0});
}

void Workforce::hear(const std::vector<pollfd>& polled) {
  for (const auto& [fd, events, happened] : polled) {
    if ((happened & POLLIN) == 0) continue;
    const auto child =
        std::find_if(children_.begin(), children_.end(), [fd = fd](const Child& c) { return c.channel.get() == fd; });
    if (child != children_.end()) hear(*child);
  }
}

void Workforce::hear(Child& child) {
  std::array<Word, 64> words;
  const ssize_t count = recv(child.channel.get(), words.data(), words.size(), MSG_DONTWAIT);
  for (ssize_t i = 0; i < count; ++i) follow(words[static_cast<std::size_t>(i)], child);
}

void Workforce::follow(Word word, Child& child) {
  child.last_heard = base::monotonic_micros();
  if (word == Word::ready && child.stage == Stage::starting) {
    child.stage = Stage::ready;
    base::log::info("worker_ready", {{"worker", name(child)},
                                     {"worker_pid", std::int64_t{child.pid}},
                                     {"milliseconds", (child.last_heard - child.started) / 1000}});
  }
  if (word == Word::retire && !child.replaced) {
    child.replaced = true;
    if (Seat* seat = seat_of(child))
      *seat = {.pool = seat->pool, .index = seat->index, .holder = 0, .due = 0, .respawn = {}};
  }
}

// --- stopping -----------------------------------------------------------------------------------------------------

void Workforce::relieve_predecessors() {
  for (auto& child : children_) {
    if (!child.replaced || child.stage > Stage::ready) continue;
    const Seat* seat = seat_of(child);
    if (seat != nullptr ? holder_ready(*seat) : all_holders_ready())
      tell_to_stop(child, base::monotonic_micros() + stop_timeout_);
  }
}

void Workforce::tell_to_stop(Child& child, base::Micros deadline) {
  kill(child.pid, SIGTERM);
  child.stage = Stage::told_to_stop;
  child.deadline = deadline;
}

void Workforce::stop() {
  stopping_ = true;
  stop_deadline_ = base::monotonic_micros() + stop_timeout_;
  dismiss();
}

// What the others leave behind is the last one's work.
void Workforce::dismiss() {
  const bool only_last =
      std::all_of(children_.begin(), children_.end(), [this](const Child& c) { return pools_[c.pool].leaves_last; });
  for (auto& child : children_) {
    if (child.stage > Stage::ready) continue;
    if (!pools_[child.pool].leaves_last)
      tell_to_stop(child, stop_deadline_);
    else if (only_last)
      tell_to_stop(child, std::max(stop_deadline_, base::monotonic_micros() + kLastWord));
  }
}

void Workforce::kill_all() {
  stopping_ = true;
  for (auto& child : children_) {
    kill(child.pid, SIGKILL);
    child.stage = Stage::killed;
  }
}

// A worker is silent while it serves one request, and for ever when it hangs or was stopped.
void Workforce::supervise(Child& child, base::Micros now) {
  if (child.stage <= Stage::ready && now >= child.last_heard + silence_limit(child)) {
    base::log::error("worker_stuck", {{"worker", name(child)},
                                      {"worker_pid", std::int64_t{child.pid}},
                                      {"silent_ms", (now - child.last_heard) / 1000}});
    kill(child.pid, SIGABRT);
    child.stage = Stage::aborting;
    child.deadline = now + kBacktraceTime;
  }
  if ((child.stage == Stage::told_to_stop || child.stage == Stage::aborting) && now >= child.deadline) {
    base::log::warning("worker_killed", {{"worker", name(child)},
                                         {"worker_pid", std::int64_t{child.pid}},
                                         {"reason", child.stage == Stage::aborting ? "stuck" : "stop time-out"}});
    kill(child.pid, SIGKILL);
    child.stage = Stage::killed;
  }
}

bool Workforce::reap(pid_t pid, int wait_status) {
  Child* child = find(pid);
  if (child == nullptr) return false;
  hear(*child);  // its last words
  log_end(*child, wait_status);
  Seat* seat = seat_of(*child);
  if (seat != nullptr && seat->holder == pid) empty_seat(*seat, *child, base::monotonic_micros());
  children_.erase(children_.begin() + (child - children_.data()));
  return true;
}

void Workforce::empty_seat(Seat& seat, const Child& child, base::Micros now) {
  const bool slowed_before = seat.respawn.slowed();
  seat.holder = 0;
  seat.due = seat.respawn.next_start(child.started, now);
  if (seat.respawn.slowed() && !slowed_before && !stopping_)
    base::log::error("crash_loop", {{"worker", name(child)},
                                    {"detail", "it dies as soon as it is started; from now on once a second"}});
}

void Workforce::log_end(const Child& child, int wait_status) const {
  const bool left = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
  const bool expected = child.stage == Stage::told_to_stop || (child.stage == Stage::killed && stopping_);
  const auto level = left ? base::log::Level::info : expected ? base::log::Level::warning : base::log::Level::error;
  const char* signal = WIFSIGNALED(wait_status) ? sigabbrev_np(WTERMSIG(wait_status)) : nullptr;
  base::log::write(level, left ? "worker_left" : "worker_died",
                   {{"worker", name(child)},
                    {"worker_pid", std::int64_t{child.pid}},
                    {"signal", signal != nullptr ? signal : ""},
                    {"exit_code", std::int64_t{WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0}},
                    {"lived_ms", (base::monotonic_micros() - child.started) / 1000}});
}

// --- looking ------------------------------------------------------------------------------------------------------

// The last word before a request is at most a heartbeat old when the request begins.
base::Micros Workforce::silence_limit(const Child& child) const {
  return pools_[child.pool].settings->stuck_after_s * kSecond + kHeartbeat;
}

Workforce::Child* Workforce::find(pid_t pid) {
  const auto child = std::find_if(children_.begin(), children_.end(), [pid](const Child& c) { return c.pid == pid; });
  return child == children_.end() ? nullptr : &*child;
}

// None: the pool has fewer workers now.
Workforce::Seat* Workforce::seat_of(const Child& child) {
  const auto seat = std::find_if(seats_.begin(), seats_.end(),
                                 [&](const Seat& s) { return s.pool == child.pool && s.index == child.index; });
  return seat == seats_.end() ? nullptr : &*seat;
}

bool Workforce::holder_ready(const Seat& seat) const {
  return std::any_of(children_.begin(), children_.end(),
                     [&](const Child& c) { return c.pid == seat.holder && c.stage == Stage::ready; });
}

bool Workforce::all_holders_ready() const {
  return std::all_of(seats_.begin(), seats_.end(), [this](const Seat& seat) { return holder_ready(seat); });
}

bool Workforce::settled() const {
  return all_holders_ready() && children_.size() == seats_.size();
}

int Workforce::ready_workers() const {
  return static_cast<int>(
      std::count_if(children_.begin(), children_.end(), [](const Child& c) { return c.stage == Stage::ready; }));
}

base::Micros Workforce::next_duty() const {
  base::Micros next = std::numeric_limits<base::Micros>::max();
  for (const auto& seat : seats_)
    if (seat.holder == 0 && !stopping_) next = std::min(next, seat.due);
  for (const auto& child : children_) {
    if (child.stage <= Stage::ready) next = std::min(next, child.last_heard + silence_limit(child));
    if (child.stage == Stage::told_to_stop || child.stage == Stage::aborting) next = std::min(next, child.deadline);
  }
  return next;
}

std::string Workforce::name(const Child& child) const {
  return name_of(pools_[child.pool].name, pools_[child.pool].listener >= 0, child.index);
}

}  // namespace server
