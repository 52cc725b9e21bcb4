#include "app/server/sockets.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace server {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path))
    throw std::runtime_error("the socket path " + path +
                             " is too long: choose a shorter server.run_dir (the system's limit is " +
                             std::to_string(sizeof(address.sun_path) - 1) + " characters)");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

gid_t group_id(const std::string& name) {
  errno = 0;
  const group* entry = getgrnam(name.c_str());
  if (entry == nullptr) throw std::runtime_error("server.socket_group: there is no group \"" + name + "\"");
  return entry->gr_gid;
}

// What the lock says of who has it.
std::string owner(int lock) {
  char text[32] = {};
  const ssize_t length = pread(lock, text, sizeof(text) - 1, 0);
  return length > 0 ? std::string(text) : std::string();
}

[[noreturn]] void fail_locked(const std::string& path, const std::string& owner) {
  throw std::runtime_error("another quietleaks-web" + (owner.empty() ? "" : " (process " + owner + ")") +
                           " runs already: it holds " + path);
}

}  // namespace

// Where it is in that group already, nothing is asked for: a confined service may have no right to chown.
void give_to_group(const std::string& path, const std::string& group) {
  if (group.empty()) return;
  const gid_t wanted = group_id(group);
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && status.st_gid == wanted) return;
  if (chown(path.c_str(), static_cast<uid_t>(-1), wanted) != 0) fail("give " + path + " to the group " + group);
}

// Tried, not asked: permissions alone do not tell what /proc or a file system that is read-only will refuse.
void check_socket_folder(const std::string& run_dir, const std::string& group) {
  std::error_code not_there;
  std::filesystem::path there = std::filesystem::absolute(run_dir);
  while (!std::filesystem::exists(there, not_there) && there.has_relative_path()) there = there.parent_path();
  std::string probe = there / ".quietleaks-XXXXXX";
  if (mkdtemp(probe.data()) == nullptr) fail("server.run_dir: cannot make files in " + there.string());
  try {
    give_to_group(probe, group);
  } catch (...) {
    rmdir(probe.c_str());
    throw;
  }
  rmdir(probe.c_str());
}

Fd listen_on(const std::string& path, int backlog, const std::string& group) {
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) fail("socket");
  const std::string temporary = path + ".new";
  const sockaddr_un address = address_of(temporary);
  unlink(temporary.c_str());
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) fail("bind " + temporary);
  give_to_group(temporary, group);
  if (chmod(temporary.c_str(), 0660) != 0) fail("chmod " + temporary);
  if (listen(socket.get(), backlog) != 0) fail("listen " + temporary);
  if (rename(temporary.c_str(), path.c_str()) != 0) fail("rename " + temporary + " to " + path);
  return socket;
}

Fd lock_file(const std::string& path) {
  Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file) fail("open " + path);
  if (fchmod(file.get(), 0600) != 0) fail("chmod " + path);  // an older build's
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) fail_locked(path, owner(file.get()));
  const std::string pid = std::to_string(getpid());
  if (ftruncate(file.get(), 0) != 0 || pwrite(file.get(), pid.data(), pid.size(), 0) < 0) fail("write " + path);
  return file;
}

void check_lock(const std::string& path, pid_t master) {
  const Fd file(open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!file && errno == ENOENT) return;
  if (!file) fail("open " + path);
  if (flock(file.get(), LOCK_EX | LOCK_NB) == 0) return;
  const std::string holder = owner(file.get());
  if (holder != std::to_string(master)) fail_locked(path, holder);
}

bool is_at(const std::string& path, int fd) {
  struct stat named {};
  struct stat opened {};
  return stat(path.c_str(), &named) == 0 && fstat(fd, &opened) == 0 && named.st_dev == opened.st_dev &&
         named.st_ino == opened.st_ino;
}

}  // namespace server
