#include "app/monitor/desk.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

#include "app/base/ids.hpp"
#include "app/base/log.hpp"
#include "db/database.hpp"
#include "db/error.hpp"
#include "db/programs.hpp"

namespace monitor {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kLookForLinks = 500ms;  // that are due: a new one is checked within seconds
constexpr auto kPause = 1s;            // after a failure
constexpr auto kTendEvery = 10min, kProgramsEvery = 1min;
constexpr int kMostLinks = 200;  // at once
constexpr std::size_t kMostResults = 500;
constexpr int kDaysAhead = 3;

db::Options database_options(const base::Config& config) {
  return {.url = config.monitor.database_url.empty() ? config.database.url : config.monitor.database_url,
          .application_name = "quietleaks-monitor",
          .connect_timeout_s = config.database.connect_timeout_s,
          .statement_timeout_ms = 20'000,
          .lock_timeout_ms = 5000};
}

template <typename T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// The first `most` of them; the others stay.
template <typename T>
std::vector<T> cut(std::vector<T>& from, std::size_t most) {
  const auto end = from.begin() + static_cast<std::ptrdiff_t>(std::min(from.size(), most));
  std::vector<T> part(std::make_move_iterator(from.begin()), std::make_move_iterator(end));
  from.erase(from.begin(), end);
  return part;
}

}  // namespace

// What the thread works with. Whatever fails is tried again as it was.
class Desk::Work {
 public:
  explicit Work(const base::Config& config)
      : database_(database_options(config)),
        limits_{.at_once = config.monitor.requests_per_host,
                .gap_ms = config.monitor.host_gap_ms,
                .lasting_s = config.monitor.timeout_s + 10},
        lease_s_(5 * config.monitor.timeout_s + 20 * config.monitor.host_gap_ms / 1000) {
    database_.act_as({.type = "monitor", .id = {}, .name = {}, .request_id = {}});
  }

  // Does what lies in `out`, and takes it out of there.
  Incoming step(Outgoing& out, bool finishing);
  bool rests() const { return Clock::now() < rest_until_; }  // after a failure
  Clock::time_point next() const { return std::max(look_at_, rest_until_); }

 private:
  void record(Outgoing& out, Incoming& in);
  void take_links(Outgoing& out, Incoming& in);
  void tend(Incoming& in);
  void report(Outgoing& out, bool finishing);

  db::Database database_;
  const db::HostLimits limits_;
  // Several times what a check may take: it may have waited for its turn at each host of its chain.
  const int lease_s_;
  const db::Uuid lease_ = base::random_uuid();
  Clock::time_point look_at_{}, tend_at_{}, programs_at_{}, rest_until_{};
  bool plenty_ = false;  // the last look found so many that the next is due as soon as there is room
  bool away_ = false;
};

void Desk::Work::record(Outgoing& out, Incoming& in) {
  while (!out.results.empty()) {
    const std::size_t count = std::min(out.results.size(), kMostResults);
    in.recorded += database_.checks().record(lease_, std::span(out.results).first(count));
    cut(out.results, count);
  }
  database_.checks().postpone(lease_, out.postponed);
  out.postponed.clear();
  database_.host_turns().give_back(out.returned);
  out.returned.clear();
}

void Desk::Work::take_links(Outgoing& out, Incoming& in) {
  const int most = std::min(out.room.value_or(0), kMostLinks);
  if (most == 0 || (!plenty_ && Clock::now() < look_at_)) return;
  look_at_ = Clock::now() + kLookForLinks;
  in.links = database_.checks().take_due(lease_, most, lease_s_);
  plenty_ = static_cast<int>(in.links.size()) * 2 >= most;
  if (!in.links.empty()) out.room = 0;  // until it has seen these and says how many more
}

void Desk::Work::tend(Incoming& in) {
  if (Clock::now() >= programs_at_) {
    in.programs = std::make_shared<const std::vector<db::Program>>(database_.programs().all());
    programs_at_ = Clock::now() + kProgramsEvery;
  }
  if (Clock::now() < tend_at_) return;
  database_.checks().ensure_partitions(kDaysAhead);
  database_.checks().drop_old_partitions(1);
  database_.host_turns().forget_old(10'000);
  database_.monitors().forget_old();
  tend_at_ = Clock::now() + kTendEvery;
}

void Desk::Work::report(Outgoing& out, bool finishing) {
  if (finishing) return database_.monitors().end(lease_);
  if (out.report) database_.monitors().report(lease_, *out.report);
  out.report.reset();
}

void Outgoing::add(Outgoing&& other) {
  append(results, std::move(other.results));
  append(postponed, std::move(other.postponed));
  append(returned, std::move(other.returned));
  append(wishes, std::move(other.wishes));
  if (other.room) room = other.room;
  if (other.report) report = std::move(other.report);
}

Incoming Desk::Work::step(Outgoing& out, bool finishing) {
  Incoming in;
  try {
    if (!finishing) tend(in);
    record(out, in);
    report(out, finishing);
    if (!finishing) {
      in.grants = database_.host_turns().take(out.wishes, limits_);
      out.wishes.clear();
      take_links(out, in);
    }
    if (std::exchange(away_, false)) base::log::info("it_works_again", {{"what", "database_unavailable"}});
  } catch (const db::Error& error) {
    in.wishes_lost = !std::exchange(out.wishes, {}).empty();
    rest_until_ = Clock::now() + kPause;
    if (!std::exchange(away_, true))
      base::log::error("database_unavailable",
                       {{"detail", error.what()}, {"results_waiting", static_cast<std::int64_t>(out.results.size())}});
  }
  return in;
}

Desk::Desk(const base::Config& config) : config_(config), event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (event_ < 0) throw std::runtime_error("no descriptor left");
  thread_ = std::thread([this] { run(); });
}

Desk::~Desk() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  thread_.join();
  close(event_);
}

void Desk::put(Outgoing&& outgoing) {
  {
    const std::lock_guard lock(mutex_);
    out_.add(std::move(outgoing));
    fresh_ = true;
  }
  wake_.notify_one();
}

Incoming Desk::take() {
  const std::lock_guard lock(mutex_);
  eventfd_t count = 0;
  eventfd_read(event_, &count);
  return std::exchange(in_, {});
}

void Desk::publish(Incoming&& incoming) {
  const bool any = !incoming.links.empty() || !incoming.grants.empty() || incoming.wishes_lost || incoming.programs ||
                   incoming.recorded > 0;
  append(in_.links, std::move(incoming.links));
  append(in_.grants, std::move(incoming.grants));
  in_.wishes_lost |= incoming.wishes_lost;
  if (incoming.programs) in_.programs = std::move(incoming.programs);
  in_.recorded += incoming.recorded;
  if (any) eventfd_write(event_, 1);
}

bool Desk::finish(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  finishing_ = fresh_ = true;
  wake_.notify_one();
  return settled_.wait_for(lock, at_most, [&] { return idle_ && !fresh_; });
}

void Desk::run() {
  Work work(config_);
  Outgoing held;
  std::unique_lock lock(mutex_);
  while (!over_) {
    fresh_ = false;
    held.add(std::exchange(out_, {}));
    const bool finishing = finishing_;
    lock.unlock();
    Incoming in = work.step(held, finishing);
    lock.lock();
    publish(std::move(in));
    idle_ = held.empty();
    settled_.notify_all();
    wake_.wait_until(lock, work.next(), [&] { return over_ || (fresh_ && !work.rests()); });
  }
}

}  // namespace monitor
