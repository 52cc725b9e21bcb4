#include "app/monitor/monitor_process.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>

#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/base/log.hpp"
#include "app/base/signals.hpp"
#include "app/base/text.hpp"
#include "app/monitor/checker.hpp"
#include "app/monitor/desk.hpp"

namespace monitor {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto kLongestWait = 1s;  // so that it is seen to be alive
constexpr auto kStatusEvery = 10s;
constexpr auto kLastRecords = 5s;

// Until one has something to read, or until a signal: the only moment that signals can come.
void wait(const Checker& checker, const Desk& desk, milliseconds longest) {
  const auto until_wish = std::chrono::ceil<milliseconds>(checker.next() - Clock::now());
  const auto rest =
      std::clamp<milliseconds>(checker.next() == Clock::time_point::max() ? longest : until_wish, 0ms, longest);
  pollfd watched[] = {{checker.event_fd(), POLLIN, 0}, {desk.event_fd(), POLLIN, 0}};
  const timespec timeout{rest.count() / 1000, rest.count() % 1000 * 1'000'000};
  ppoll(watched, 2, &timeout, &base::open_signal_mask());
}

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name[0] == '\0' ? "unnamed" : base::replace_bad_utf8(name.data());
}

class Loop {
 public:
  Loop(const base::Config& config, const Supervision& supervision)
      : supervision_(supervision), checker_(config.monitor), desk_(config) {}

  void step() {
    if (Outgoing outgoing = checker_.take_outgoing(); !outgoing.empty() || outgoing.room != room_) {
      room_ = outgoing.room;
      desk_.put(std::move(outgoing));
    }
    wait(checker_, desk_, kLongestWait);
    Incoming incoming = desk_.take();
    recorded_ += incoming.recorded;
    checker_.turn(std::move(incoming));
    supervision_.alive();
    tell();
  }

  // What is under way ends, and is recorded.
  void finish(Clock::time_point deadline) {
    supervision_.stopping();
    checker_.close();
    while (checker_.under_way() > 0 && Clock::now() < deadline && !stop()) step();
    checker_.give_up();
    desk_.put(checker_.take_outgoing());
    if (!desk_.finish(kLastRecords)) base::log::warning("stopped_without_recording");
    base::log::info("monitor_stopped", {{"recorded", recorded_ + desk_.take().recorded}});
  }

  static bool stop() { return base::take_signal(SIGTERM) + base::take_signal(SIGINT) > 0; }

 private:
  void tell() {
    const auto now = Clock::now();
    const bool reaches_nobody = checker_.reaches_nobody();
    if (now < told_ + kStatusEvery && reaches_nobody == reached_nobody_) return;
    const double per_second =
        static_cast<double>(recorded_ - recorded_then_) / std::chrono::duration<double>(now - told_).count();
    const std::int64_t rate = std::llround(per_second);
    supervision_.status(std::to_string(rate) + " checks a second, " + std::to_string(checker_.under_way()) +
                        " under way" + (reaches_nobody ? ", and nobody can be reached" : ""));
    Outgoing outgoing;
    outgoing.report = {
        .host = host_, .checks_per_minute = std::llround(per_second * 60), .reaches_nobody = reaches_nobody};
    desk_.put(std::move(outgoing));
    base::log::debug("checking",
                     {{"per_second", rate}, {"under_way", static_cast<std::int64_t>(checker_.under_way())}});
    told_ = now;
    reached_nobody_ = reaches_nobody;
    recorded_then_ = recorded_;
  }

  const Supervision& supervision_;
  Checker checker_;
  Desk desk_;
  std::optional<int> room_;  // as the desk knows it
  std::int64_t recorded_ = 0, recorded_then_ = 0;
  Clock::time_point told_{};
  bool reached_nobody_ = false;
  const std::string host_ = host_name();
};

// One a connection: as many as the system lets this user have.
void allow_all_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

void check_config(const base::Config& config) {
  fetch_options(config.monitor);
}

int run(const base::Config& config, const Supervision& supervision) {
  base::catch_signals({SIGTERM, SIGINT});
  base::ignore_signals({SIGPIPE, SIGHUP});
  base::report_crashes();
  allow_all_descriptors();
  Loop loop(config, supervision);
  base::log::info("monitor_started", {{"checks_at_once", std::int64_t{config.monitor.checks_at_once}}});
  supervision.ready("checking links");
  while (!Loop::stop()) loop.step();
  loop.finish(Clock::now() + std::chrono::seconds(std::min(config.server.stop_timeout_s, config.monitor.timeout_s)));
  return EXIT_SUCCESS;
}

}  // namespace monitor
