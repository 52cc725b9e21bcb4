#include "app/server/state_dir.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace server {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kMode = 0700;

std::string journal_of(const std::string& state_dir) {
  return state_dir + "/journal";
}

std::string user_name(const std::optional<Identity>& identity) {
  return identity ? identity->name : "the user that quietleaks-web runs as";
}

[[noreturn]] void fail(const std::string& problem, const std::string& remedy) {
  throw std::runtime_error("server.state_dir: " + problem + " (" + std::strerror(errno) + "): " + remedy);
}

// Tried, not asked: permissions alone do not tell what a file system that is read-only or full will refuse.
bool can_write(const std::string& folder) {
  std::string probe = folder + "/.quietleaks-XXXXXX";
  if (mkdtemp(probe.data()) == nullptr) return false;
  rmdir(probe.c_str());
  return true;
}

void check_writable(const std::string& folder, const std::optional<Identity>& identity) {
  const AsUser as_user(identity);
  if (can_write(folder)) return;
  fail(user_name(identity) + " cannot write " + folder,
       identity ? "chown -R " + identity->name + ' ' + folder + ", and let that user enter the folders above it"
                : "give it to that user (chown -R), or set another folder");
}

void check_makable(const std::string& state_dir, const std::optional<Identity>& identity) {
  std::error_code not_there;
  fs::path above = fs::absolute(state_dir);
  while (!fs::exists(above, not_there) && above.has_relative_path()) above = above.parent_path();
  if (!can_write(above))
    fail(state_dir + " is not there and cannot be made in " + above.string(),
         "make it, owned by " + user_name(identity) + ", or set another folder");
  const AsUser as_user(identity);
  if (faccessat(AT_FDCWD, above.c_str(), X_OK, AT_EACCESS) != 0)
    fail(user_name(identity) + " cannot enter " + above.string(), "set a folder that this user can reach");
}

void make_folder(const std::string& folder, const std::optional<Identity>& identity) {
  if (mkdir(folder.c_str(), kMode) != 0) {
    if (errno == EEXIST && fs::is_directory(folder)) return;  // with the owner that it has: check_state_dir looked
    fail("cannot make " + folder, "make it, owned by " + user_name(identity) + ", or set another folder");
  }
  if (identity && chown(folder.c_str(), identity->uid, identity->gid) != 0)
    fail("cannot give " + folder + " to " + identity->name, "chown it by hand");
}

}  // namespace

AsUser::AsUser(const std::optional<Identity>& identity) : changed_(identity.has_value()) {
  if (changed_ && (setegid(identity->gid) != 0 || seteuid(identity->uid) != 0))
    throw std::runtime_error("server.user: cannot become " + identity->name + ": " + std::strerror(errno));
}

AsUser::~AsUser() {
  if (changed_ && (seteuid(getuid()) != 0 || setegid(getgid()) != 0)) std::abort();  // never go on half changed
}

void check_state_dir(const std::string& state_dir, const std::optional<Identity>& identity) {
  std::error_code error;
  if (!fs::exists(state_dir, error)) return check_makable(state_dir, identity);
  for (const auto& folder : {state_dir, journal_of(state_dir)}) {
    if (!fs::exists(folder, error)) continue;
    if (!fs::is_directory(folder, error))
      throw std::runtime_error("server.state_dir: " + folder + " is not a folder; remove it or set another folder");
    check_writable(folder, identity);
  }
}

void make_state_dir(const std::string& state_dir, const std::optional<Identity>& identity) {
  std::error_code error;
  fs::create_directories(fs::path(state_dir).parent_path(), error);  // what is wrong there, mkdir tells
  make_folder(state_dir, identity);
  make_folder(journal_of(state_dir), identity);
}

}  // namespace server
