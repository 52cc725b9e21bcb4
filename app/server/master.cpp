#include "app/server/master.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/base/clock.hpp"
#include "app/base/log.hpp"
#include "app/base/process_title.hpp"
#include "app/base/signals.hpp"
#include "app/server/notify.hpp"
#include "app/server/sockets.hpp"
#include "app/server/state_dir.hpp"

namespace server {
namespace {

constexpr base::Micros kReloadPatience = 5'000'000;

// Where the program will be found at a reload, whatever the working directory is then: the path by which it was
// started, so that a package may put a new file there.
std::string program_path(const std::string& argv0, const Handover& inherited) {
  if (!inherited.program.empty()) return inherited.program;
  if (argv0.find('/') != std::string::npos) return std::filesystem::absolute(argv0).lexically_normal();
  return std::filesystem::read_symlink("/proc/self/exe");
}

void keep_on_exec(int fd, bool keep) {
  fcntl(fd, F_SETFD, keep ? 0 : FD_CLOEXEC);
}

std::string socket_path(const base::Config& config, const char* pool) {
  return config.server.run_dir + '/' + pool + ".sock";
}

}  // namespace

Master::Master(base::Config config, const std::string& config_path, const std::string& program, Companion companion)
    : config_(std::move(config)),
      config_path_(std::filesystem::absolute(config_path)),
      inherited_(take_inheritance()),
      program_(program_path(program, inherited_)),
      companion_(std::move(companion)),
      identity_(find_identity(config_.server.user)),
      lock_(take_lock()),
      listeners_(make_listeners()),
      memory_(make_shared_memory(config_, inherited_.regions)),
      workforce_(pools(), config_.server.stop_timeout_s * 1'000'000LL,
                 [this](const Post& post) { return run_worker(post); }),
      patience_until_(base::monotonic_micros() + kReloadPatience),
      watchdog_period_(watchdog_period()) {
  make_state_dir(config_.server.state_dir, identity_);
  workforce_.adopt(inherited_.children);
  keep_on_exec(false);
  base::ignore_signals({SIGPIPE, SIGXFSZ});  // a limit on file sizes is an error like others
  base::catch_signals({SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGCHLD});
}

// --- what the workers need ----------------------------------------------------------------------------------------

// Files that are gone from their paths (somebody cleaned up, or moved the directory away) are made anew: whoever comes
// by that path would find nobody.
Fd Master::take_lock() {
  std::filesystem::create_directories(config_.server.run_dir);
  const std::string path = config_.server.run_dir + "/lock";
  Fd taken;
  for (const auto& lock : inherited_.locks) {
    Fd held(lock.fd);  // one of another run_dir is given up here
    if (lock.name == path && is_at(path, held.get())) taken = std::move(held);
  }
  return taken ? std::move(taken) : lock_file(path);
}

std::vector<Master::Listener> Master::make_listeners() {
  std::vector<Listener> made;
  std::error_code not_there;
  for (const auto& [pool, settings] : config_.pools.all()) {
    Listener listener{socket_path(config_, pool), {}};
    const auto old = std::find_if(inherited_.listeners.begin(), inherited_.listeners.end(),
                                  [&](const auto& file) { return file.name == listener.path; });
    if (old != inherited_.listeners.end() && std::filesystem::is_socket(listener.path, not_there)) {
      listener.socket = Fd(std::exchange(old->fd, -1));
      give_to_group(listener.path, config_.server.socket_group);
      listen(listener.socket.get(), settings->backlog);  // which may have changed
    } else {
      listener.socket = listen_on(listener.path, settings->backlog, config_.server.socket_group);
    }
    made.push_back(std::move(listener));
  }
  for (const auto& file : inherited_.listeners) Fd unwanted(file.fd);
  return made;
}

std::vector<Workforce::Pool> Master::pools() const {
  std::vector<Workforce::Pool> all;
  for (const auto& [name, settings] : config_.pools.all())
    all.push_back({.name = name, .settings = settings, .listener = listeners_[all.size()].socket.get()});
  all.push_back({.name = kCompanionName, .settings = &kCompanionPool, .leaves_last = true});
  return all;
}

int Master::run_worker(const Post& post) {
  lock_.reset();
  return run_worker_process(config_, identity_, memory_, companion_, post);
}

// --- the loop -----------------------------------------------------------------------------------------------------

int Master::run() {
  base::set_process_title("quietleaks-web: master");
  base::log::info(inherited_.children.empty() ? "master_started" : "master_reloading",
                  {{"program", program_}, {"config", config_path_}, {"run_dir", config_.server.run_dir}});
  while (!stopping_ || !workforce_.empty()) {
    workforce_.work();
    report_progress();
    wait();
    heed_signals();
    reap();
    reload_if_wanted();
  }
  leave_nothing_behind();
  base::log::info("master_stopped");
  return 0;
}

void Master::wait() {
  std::vector<pollfd> polled;
  workforce_.listen_to_all(polled);
  const int milliseconds = milliseconds_to_next_duty();
  const timespec timeout{milliseconds / 1000, (milliseconds % 1000) * 1'000'000L};
  if (ppoll(polled.data(), polled.size(), &timeout, &base::open_signal_mask()) > 0) workforce_.hear(polled);
  feed_watchdog();
}

int Master::milliseconds_to_next_duty() const {
  const base::Micros now = base::monotonic_micros();
  base::Micros next = std::min(workforce_.next_duty(), now + 60'000'000);
  if (check_) next = std::min(next, check_->deadline());
  if (reload_wanted_) next = std::min(next, std::max(patience_until_, now));
  if (watchdog_period_ > 0) next = std::min(next, next_watchdog_);
  return static_cast<int>(std::max<base::Micros>(next - now, 0) / 1000) + (next > now ? 1 : 0);
}

void Master::feed_watchdog() {
  const base::Micros now = base::monotonic_micros();
  if (watchdog_period_ == 0 || now < next_watchdog_) return;
  notify_alive();
  next_watchdog_ = now + watchdog_period_;
}

void Master::heed_signals() {
  const int interrupts = base::take_signal(SIGINT);
  const int stops = base::take_signal(SIGTERM) + base::take_signal(SIGQUIT);
  if (base::take_signal(SIGHUP) > 0) reload_wanted_ = true;
  const bool impatient = interrupts > (stopping_ ? 0 : 1);
  if (interrupts + stops > 0 && !stopping_) begin_stop();
  if (impatient) workforce_.kill_all();
}

// New connections find no socket from here on; what waits in its queue is still served.
void Master::begin_stop() {
  stopping_ = true;
  notify_stopping();
  base::log::info("master_stopping", {{"time_out_s", std::int64_t{config_.server.stop_timeout_s}}});
  if (owns_run_dir())
    for (const auto& listener : listeners_) unlink(listener.path.c_str());
  if (check_) kill(check_->pid(), SIGKILL);
  workforce_.stop();
}

void Master::reap() {
  int wait_status = 0;
  while (const pid_t pid = waitpid(-1, &wait_status, WNOHANG)) {
    if (pid < 0) break;
    if (check_ && pid == check_->pid())
      finish_check(wait_status);
    else
      workforce_.reap(pid, wait_status);
  }
}

void Master::report_progress() {
  if (announced_ || stopping_ || !workforce_.settled()) return;
  announced_ = true;
  const int workers = workforce_.ready_workers();
  base::log::info(inherited_.children.empty() ? "ready" : "reloaded", {{"workers", std::int64_t{workers}}});
  notify_ready(std::to_string(workers) + " workers ready");
}

// Not if another master has started since somebody removed our lock: what lies there is its own.
bool Master::owns_run_dir() const {
  const std::string path = config_.server.run_dir + "/lock";
  return access(path.c_str(), F_OK) != 0 || is_at(path, lock_.get());
}

void Master::leave_nothing_behind() const {
  if (owns_run_dir()) unlink(scoreboard_path(config_).c_str());
}

// --- reload -------------------------------------------------------------------------------------------------------

// One at a time: signals that come meanwhile make one more reload, when this one is through (or, because a bad program
// must be replaceable, when it takes too long).
void Master::reload_if_wanted() {
  const base::Micros now = base::monotonic_micros();
  if (check_ && now >= check_->deadline()) kill(check_->pid(), SIGKILL);
  if (!reload_wanted_ || check_ || stopping_) return;
  if (!workforce_.settled() && now < patience_until_) return;
  reload_wanted_ = false;
  notify_reloading();
  try {
    check_.emplace(program_, config_path_, encode(handover()));
  } catch (const std::exception& error) {
    refuse_reload(error.what());
  }
}

void Master::finish_check(int wait_status) {
  const auto complaint = check_->complaint(wait_status);
  check_.reset();
  if (stopping_) return;
  if (reload_wanted_) return;  // the file may have changed since it was checked: check again
  if (!complaint) return execute_anew();
  refuse_reload(*complaint);
}

void Master::refuse_reload(const std::string& why) {
  base::log::error("reload_refused", {{"program", program_}, {"config", config_path_}, {"detail", why}});
  notify_ready("reload refused, running as before");
}

Handover Master::handover() const {
  Handover handover;
  handover.program = program_;
  handover.state_dir = config_.server.state_dir;
  handover.locks = {{lock_.get(), config_.server.run_dir + "/lock"}};
  for (const auto& listener : listeners_) handover.listeners.push_back({listener.socket.get(), listener.path});
  handover.regions = describe(config_, memory_);
  handover.children = workforce_.children();
  return handover;
}

void Master::keep_on_exec(bool keep) const {
  server::keep_on_exec(lock_.get(), keep);
  for (const auto& listener : listeners_) server::keep_on_exec(listener.socket.get(), keep);
  for (const auto& region : describe(config_, memory_)) server::keep_on_exec(region.fd, keep);
  workforce_.keep_channels_on_exec(keep);
}

// The process stays, its program changes. Signals are blocked all the while, and children that end wait to be reaped.
void Master::execute_anew() {
  setenv(Handover::kVariable, encode(handover()).c_str(), 1);
  keep_on_exec(true);
  execl(program_.c_str(), program_.c_str(), "--config", config_path_.c_str(), nullptr);
  const int error = errno;
  keep_on_exec(false);
  unsetenv(Handover::kVariable);
  refuse_reload(std::string("cannot execute: ") + std::strerror(error));
}

}  // namespace server
