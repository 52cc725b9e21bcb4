// doctor: the run folder and its sockets, the server's processes, and the limits of this machine.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

#include <grp.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "app/base/clock.hpp"
#include "app/base/text.hpp"
#include "app/cli/findings.hpp"
#include "app/cli/server_view.hpp"
#include "app/shm/rate_limiter.hpp"

namespace cli {
namespace {

constexpr unsigned kSocketMode = 0660;
constexpr std::int64_t kSpareFiles = 64;  // what a worker has open beside its connections

std::string mode_text(unsigned mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", mode & 07777U);
  return text;
}

std::string group_name(gid_t id) {
  const group* found = getgrgid(id);
  return found == nullptr ? std::to_string(id) : found->gr_name;
}

void examine_run_dir(const std::string& run_dir, Findings& findings) {
  struct stat status {};
  if (stat(run_dir.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
    return findings.fail("run folder", run_dir + " is not there",
                         "systemd makes it (RuntimeDirectory=quietleaks); else set server.run_dir to a folder that the "
                         "server may write.");
  findings.expect((status.st_mode & S_IWOTH) == 0, "run folder", run_dir + ", mode " + mode_text(status.st_mode),
                  "Anyone could put sockets of their own there: chmod o-w " + shell_word(run_dir));
}

void examine_socket(const base::Config& config, const std::string& pool, Findings& findings) {
  const std::string check = pool + " socket";
  const std::string path = config.server.run_dir + "/" + pool + ".sock";
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode))
    return findings.fail(check, path + " is not there", "quietleaks-web makes it when it starts: is it running?");
  const std::string group = group_name(status.st_gid);
  const std::string detail = path + ", mode " + mode_text(status.st_mode) + ", group " + group;
  if ((status.st_mode & 07777U) != kSocketMode)
    return findings.fail(check, detail, "It should be 0660: restart quietleaks-web, which sets it.");
  findings.expect(config.server.socket_group.empty() || group == config.server.socket_group, check, detail,
                  "nginx needs it in group " + config.server.socket_group +
                      " (server.socket_group): restart quietleaks-web, and check that it may change groups.");
}

std::optional<ServerView> examine_server(const base::Config& config, Findings& findings) {
  try {
    ServerView server = view_server(config.server.run_dir);
    findings.good("server", "master " + std::to_string(server.master_pid) + " with " +
                                counted(static_cast<std::int64_t>(server.workers.size()), "worker"));
    return server;
  } catch (const Failure& failure) {
    findings.fail("server", failure.what(), failure.hint());
    return std::nullopt;
  }
}

std::int64_t kernel_number(const char* path) {
  std::int64_t number = 0;
  std::ifstream(path) >> number;
  return number;
}

// The soft limit of the running master, which its workers inherit; without one, our own.
std::int64_t open_files_limit(const std::optional<ServerView>& server) {
  std::ifstream limits(server ? "/proc/" + std::to_string(server->master_pid) + "/limits" : std::string());
  for (std::string line; std::getline(limits, line);)
    if (long long soft = 0; std::sscanf(line.c_str(), "Max open files %lld", &soft) == 1) return soft;
  rlimit own{};
  getrlimit(RLIMIT_NOFILE, &own);
  return static_cast<std::int64_t>(std::min<rlim_t>(own.rlim_cur, 1 << 30));
}

void examine_limits(const base::Config& config, const std::optional<ServerView>& server, Findings& findings) {
  std::int64_t backlog = 0;
  for (const auto& pool : config.pools.all()) backlog = std::max<std::int64_t>(backlog, pool.settings->backlog);
  const std::int64_t files = open_files_limit(server);
  const std::string detail = std::to_string(files) + " for each worker";
  if (files >= backlog + kSpareFiles)
    findings.good("open files", detail);
  else
    findings.warn("open files", detail + ", fewer than a full backlog of " + std::to_string(backlog) + " connections",
                  "Raise LimitNOFILE= in the unit, or ulimit -n.");
  const std::int64_t queue = kernel_number("/proc/sys/net/core/somaxconn");
  if (queue >= backlog)
    findings.good("listen queue", "net.core.somaxconn is " + std::to_string(queue));
  else
    findings.warn("listen queue",
                  "net.core.somaxconn is " + std::to_string(queue) + ", the pools want " + std::to_string(backlog),
                  "The kernel shortens the queue to that, and bursts get a 502: sysctl net.core.somaxconn=4096");
}

std::int64_t available_memory_mib() {
  std::ifstream memory("/proc/meminfo");
  for (std::string line; std::getline(memory, line);)
    if (long long kib = 0; std::sscanf(line.c_str(), "MemAvailable: %lld", &kib) == 1) return kib / 1024;
  return 0;
}

void examine_memory(const base::Config& config, Findings& findings) {
  const auto& limit = config.rate_limit;
  const auto wanted =
      static_cast<std::int64_t>(shm::RateLimiter::bytes(limit.slots, limit.max_requests_per_minute) >> 20);
  const std::int64_t available = available_memory_mib();
  const std::string detail = "the limiter's table may grow to " + std::to_string(wanted) + " MiB, " +
                             std::to_string(available) + " MiB are available";
  if (wanted < available / 2)
    findings.good("shared memory", detail);
  else
    findings.warn("shared memory", detail, "Lower rate_limit.slots or rate_limit.max_requests_per_minute.");
}

void examine_clock(Findings& findings) {
  constexpr db::UnixSeconds kThisWasWritten = 1'760'000'000;  // October 2025
  const db::UnixSeconds now = base::unix_seconds();
  findings.expect(now > kThisWasWritten, "clock", base::format_utc(now),
                  "It is wrong: keys would expire at the wrong time. Set it, and run an NTP service.");
}

}  // namespace

std::optional<ServerView> examine_host(const base::Config& config, Findings& findings) {
  examine_run_dir(config.server.run_dir, findings);
  for (const auto& pool : config.pools.all()) examine_socket(config, pool.name, findings);
  auto server = examine_server(config, findings);
  examine_limits(config, server, findings);
  examine_memory(config, findings);
  examine_clock(findings);
  return server;
}

}  // namespace cli
