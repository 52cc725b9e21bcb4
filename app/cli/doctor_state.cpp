// doctor: the folder that must outlive a restart, with the link map and the click journal; how counting is doing; the
// file of countries. Looks only: what it opened as root would be root's.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/base/clock.hpp"
#include "app/cli/clicks_status.hpp"
#include "app/cli/findings.hpp"
#include "app/clicks/countries.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLeastFreeBytes = 1ULL << 30;
constexpr std::uint64_t kLeastFreePercent = 5;

// Whom workers run as.
struct User {
  std::string name;
  uid_t uid = 0;
  std::vector<gid_t> groups;

  bool may(const struct stat& file, mode_t wanted) const {  // wanted: S_IROTH and the like
    if (uid == 0) return true;
    if (file.st_uid == uid) return (file.st_mode >> 6 & wanted) == wanted;
    if (std::find(groups.begin(), groups.end(), file.st_gid) != groups.end())
      return (file.st_mode >> 3 & wanted) == wanted;
    return (file.st_mode & wanted) == wanted;
  }
};

// server.user, else whom the master runs as, else whoever asks.
User find_user(const std::string& named, const std::optional<ServerView>& server) {
  uid_t uid = geteuid();
  struct stat process {};
  if (server && stat(("/proc/" + std::to_string(server->master_pid)).c_str(), &process) == 0) uid = process.st_uid;
  const passwd* entry = named.empty() ? getpwuid(uid) : getpwnam(named.c_str());
  if (entry == nullptr) return {.name = named.empty() ? std::to_string(uid) : named, .uid = uid, .groups = {}};
  User user{.name = entry->pw_name, .uid = entry->pw_uid, .groups = std::vector<gid_t>(64)};
  int count = static_cast<int>(user.groups.size());
  getgrouplist(entry->pw_name, entry->pw_gid, user.groups.data(), &count);
  user.groups.resize(static_cast<std::size_t>(std::clamp(count, 0, 64)));
  return user;
}

std::string in_mib(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
  return text;
}

bool examine_folder(const std::string& folder, const User& user, Findings& findings) {
  struct stat status {};
  struct statvfs system {};
  if (stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || statvfs(folder.c_str(), &system) != 0) {
    findings.fail("state folder", folder + " is not there",
                  "systemd makes it (StateDirectory=quietleaks), else quietleaks-web when it starts, where it may; "
                  "server.state_dir names it.");
    return false;
  }
  const bool read_only = (system.f_flag & ST_RDONLY) != 0;
  findings.expect(user.may(status, S_IWOTH | S_IXOTH | S_IROTH) && !read_only, "state folder",
                  folder + (read_only ? ", on a file system that is read-only" : ", written by " + user.name),
                  read_only ? "Mount it to be written, or set server.state_dir to another folder."
                            : user.name + " cannot write there, so no click would be kept: chown -R " +
                                  shell_word(user.name) + " " + shell_word(folder));
  return true;
}

void examine_room(const std::string& folder, Findings& findings) {
  struct statvfs system {};
  if (statvfs(folder.c_str(), &system) != 0 || system.f_blocks == 0) return;
  const std::uint64_t free_bytes = std::uint64_t{system.f_bavail} * system.f_frsize;
  const std::uint64_t percent = std::uint64_t{system.f_bavail} * 100 / system.f_blocks;
  const std::string detail = in_mib(free_bytes) + " free, " + std::to_string(percent) + "%";
  if (free_bytes >= kLeastFreeBytes && percent >= kLeastFreePercent)
    findings.good("state room", detail);
  else
    findings.warn("state room", detail,
                  "A million clicks that wait for the database take 128 MB. When the disk is full they are held in "
                  "memory, and then lost: make room.");
}

void examine_map(const std::string& folder, const User& user, Findings& findings) {
  const std::string path = folder + "/links.map";
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    return findings.fail(
        "link map", path + " is not there",
        "The clicks process makes it as soon as it reaches the database; until then each redirect asks "
        "the database. Is quietleaks-web running?");
  findings.expect(user.may(status, S_IROTH) && status.st_size > 0, "link map",
                  path + ", " + in_mib(static_cast<std::uint64_t>(status.st_size)),
                  user.name + " cannot use it: chown -R " + shell_word(user.name) + " " + shell_word(folder));
}

// Files remain while their writer lives, also when all in them is counted; what waits, only the server knows.
void examine_journal(const std::string& folder, const std::optional<ServerView>& server, Findings& findings) {
  std::int64_t segments = 0;
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator entry(folder + "/journal", error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() != ".clicks") continue;
    std::error_code gone;
    if (const auto size = entry->file_size(gone); !gone) ++segments, bytes += size;
  }
  const std::string detail = counted(segments, "segment") + ", " + in_mib(bytes);
  if (error && error != std::errc::no_such_file_or_directory)
    findings.warn("journal", folder + "/journal: " + error.message(), "Run it as root or as the server's user.");
  else if (!server && segments > 0)
    findings.warn("journal", detail + " of a server that does not run", "Its clicks are counted when it runs again.");
  else
    findings.good("journal",
                  server ? detail + ", " + counted(server->clicks.unflushed_clicks, "click") + " waiting" : detail);
}

void examine_counting(const ServerView& server, Findings& findings) {
  const auto warnings = clicks_warnings(server, base::unix_seconds());
  for (const auto& warning : warnings) findings.warn("clicks", warning.message, warning.hint);
  if (warnings.empty())
    findings.good("clicks", counted(server.clicks.flushed_clicks, "click") + " counted since the server was started");
}

void examine_countries(const std::string& path, const User& user, Findings& findings) {
  if (path.empty()) return;
  const std::string hint = "Clicks have no country until clicks.geoip_file names a MaxMind DB file that " + user.name +
                           " can read; then reload quietleaks-web.";
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return findings.fail("countries", path + " is not there", hint);
  if (!user.may(status, S_IROTH)) return findings.fail("countries", user.name + " cannot read " + path, hint);
  try {
    const clicks::Countries countries(path);
    findings.good("countries", path);
  } catch (const std::runtime_error& error) {
    findings.fail("countries", error.what(), hint);
  }
}

}  // namespace

void examine_state(const base::Config& config, const std::optional<ServerView>& server, Findings& findings) {
  const User user = find_user(config.server.user, server);
  const std::string& folder = config.server.state_dir;
  if (examine_folder(folder, user, findings)) {
    examine_room(folder, findings);
    examine_map(folder, user, findings);
    examine_journal(folder, server, findings);
  }
  if (server) examine_counting(*server, findings);
  examine_countries(config.clicks.geoip_file, user, findings);
}

}  // namespace cli
