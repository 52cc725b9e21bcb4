#include "app/server/worker_process.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/base/clock.hpp"
#include "app/base/log.hpp"
#include "app/base/process_title.hpp"
#include "app/base/signals.hpp"
#include "app/server/companion_life.hpp"
#include "app/server/worker.hpp"
#include "app/web/pipeline.hpp"
#include "app/web/visits.hpp"
#include "handlers/go_service.hpp"
#include "handlers/routes.hpp"

namespace server {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

void drop_privileges(const Identity& identity) {
  if (initgroups(identity.name.c_str(), identity.gid) != 0) fail("initgroups " + identity.name);
  if (setresgid(identity.gid, identity.gid, identity.gid) != 0) fail("setgid " + identity.name);
  if (setresuid(identity.uid, identity.uid, identity.uid) != 0) fail("setuid " + identity.name);
}

// Dies with the master, leaves no core (which would hold keys), gains no privilege again.
void confine(pid_t master) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);   // after setuid, which resets it
  if (getppid() != master) _exit(1);  // it died in between
}

// A redirect takes some microseconds, and a switch between processes as much. So its worker does not push aside whoever
// wakes it: nginx goes on with what else it has, and the worker then finds several requests. sched(7). Where that is
// not allowed, all is as usual.
void wake_patiently() {
  const sched_param none{};
  sched_setscheduler(0, SCHED_BATCH, &none);
}

void take_slot(shm::WorkerSlot& slot, const Post& post) {
  slot.state = static_cast<std::uint32_t>(shm::WorkerState::starting);
  slot.pid = getpid();
  slot.started_at = base::unix_seconds();
  slot.busy_since = 0;
  slot.connections = 0;
  slot.resident_kib = 0;
  slot.starts.fetch_add(1, std::memory_order_relaxed);
  slot.index = static_cast<std::uint32_t>(post.index);
  std::memset(slot.pool, 0, sizeof(slot.pool));
  post.pool.copy(slot.pool, sizeof(slot.pool) - 1);
}

int serve(const base::Config& config, const SharedMemory& memory, const Post& post, shm::WorkerSlot& slot) {
  const shm::Scoreboard scoreboard(memory.scoreboard.data());
  shm::RateLimiter keys = key_limiter(config, memory);
  shm::RateLimiter rejected = rejected_limiter(config, memory);
  web::Visits visits(config, post.pool, scoreboard.header().clicks, slot);
  const web::Shared shared{.keys = keys, .rejected = rejected, .slot = slot, .visits = visits};
  std::unique_ptr<web::Service> service;
  if (post.pool == kGoPool) {
    wake_patiently();
    service = std::make_unique<handlers::GoService>(shared);
  } else {
    service = std::make_unique<web::Pipeline>(config, handlers::routes(), shared);
  }
  return Worker(config, *post.settings, post.listener, post.channel, *service, slot).run();
}

int accompany(const base::Config& config, const Companion& companion, const Post& post, shm::WorkerSlot& slot,
              shm::ClicksBoard& board) {
  CompanionLife life(post.channel, slot);
  const int exit_code =
      companion(config, board, {.ready = [&] { life.ready(); }, .carry_on = [&] { return life.carry_on(); }});
  slot.state = static_cast<std::uint32_t>(shm::WorkerState::empty);
  return exit_code;
}

int live(const base::Config& config, const SharedMemory& memory, const Companion& companion, const Post& post) {
  const shm::Scoreboard scoreboard(memory.scoreboard.data());
  auto& slot = scoreboard.slots()[static_cast<std::size_t>(post.slot)];
  take_slot(slot, post);
  return post.listener < 0 ? accompany(config, companion, post, slot, scoreboard.header().clicks)
                           : serve(config, memory, post, slot);
}

}  // namespace

std::optional<Identity> find_identity(const std::string& user) {
  if (user.empty()) return std::nullopt;
  errno = 0;
  const passwd* entry = getpwnam(user.c_str());
  if (entry == nullptr) throw std::runtime_error("server.user: there is no user \"" + user + "\"");
  if (entry->pw_uid == geteuid()) return std::nullopt;
  if (geteuid() != 0)
    throw std::runtime_error("server.user: only root can start workers as \"" + user +
                             "\"; start as root, or as that user");
  return Identity{user, entry->pw_uid, entry->pw_gid};
}

std::string name_of(const std::string& pool, bool listens, int index) {
  return listens ? pool + " worker " + std::to_string(index) : pool;
}

int run_worker_process(const base::Config& config, const std::optional<Identity>& identity, const SharedMemory& memory,
                       const Companion& companion, const Post& post) {
  const std::string name = name_of(post.pool, post.listener >= 0, post.index);
  base::set_process_title("quietleaks-web: " + name);
  base::log::start(config.log.level, name);
  base::ignore_signals({SIGHUP, SIGINT, SIGQUIT, SIGUSR2});  // meant for the master, also from a terminal
  base::catch_signals({SIGTERM, SIGUSR1});  // ignored, libfcgi would put a handler of its own on the latter
  base::report_crashes();
  try {
    if (identity) drop_privileges(*identity);
    confine(post.master);
    return live(config, memory, companion, post);
  } catch (const std::exception& error) {
    base::log::error("worker_failed", {{"detail", error.what()}});
    return 1;
  }
}

}  // namespace server
