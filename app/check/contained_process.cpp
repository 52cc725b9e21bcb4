// Sources: user_namespaces(7), pid_namespaces(7), mount_namespaces(7).
#include "app/check/contained_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/base/text.hpp"
#include "app/check/containment.hpp"

namespace check {
namespace {

constexpr std::size_t kMaxComplaint = 400;
constexpr const char* kUsualPath = "/usr/local/bin:/usr/bin:/bin";

std::string reason(int error) {
  return std::strerror(error);
}

// Its path, for execve.
std::string found_program(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  const char* path = std::getenv("PATH");
  const std::string folders = path == nullptr || *path == '\0' ? kUsualPath : path;
  for (std::size_t start = 0; start <= folders.size();) {
    const auto end = std::min(folders.find(':', start), folders.size());
    std::string candidate = folders.substr(start, end - start) + '/' + program;
    if (candidate.front() == '/' && access(candidate.c_str(), X_OK) == 0) return candidate;
    start = end + 1;
  }
  throw std::runtime_error(program + " is not in PATH");
}

void write_file(const std::string& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool written = file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int error = errno;
  if (file >= 0) close(file);
  if (!written) throw std::runtime_error("no user namespace: " + path + ": " + reason(error));
}

// The namespace knows one user and one group. Only root may leave the groups open to change, and has to: so that the
// program can leave its own.
void map_user(pid_t pid, uid_t user, gid_t group) {
  const std::string folder = "/proc/" + std::to_string(pid) + '/';
  const auto line = [](unsigned id) { return std::to_string(id) + ' ' + std::to_string(id) + " 1\n"; };
  if (geteuid() != 0) write_file(folder + "setgroups", "deny");
  write_file(folder + "gid_map", line(group));
  write_file(folder + "uid_map", line(user));
}

struct Pair {
  int ours = -1, theirs = -1;

  Pair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      throw std::runtime_error("no socket: " + reason(errno));
    ours = ends[0], theirs = ends[1];
  }
  ~Pair() {
    for (const int fd : {ours, theirs})
      if (fd >= 0) close(fd);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
};

// Blocks until the program runs. Throws why it does not.
void await_start(int report, const std::string& program) {
  ContainmentFault fault;
  ssize_t count = 0;
  do count = recv(report, &fault, sizeof fault, 0);
  while (count < 0 && errno == EINTR);
  if (count == 0) return;  // closed by exec
  if (count != sizeof fault) throw std::runtime_error("its start is not reported");
  const std::string what = fault.step == ContainmentStep::start ? program : containment_step_name(fault.step);
  throw std::runtime_error(what + ": " + reason(fault.error));
}

}  // namespace

ContainedProcess::ContainedProcess(const std::string& program, const std::vector<std::string>& arguments) {
  const std::string path = found_program(program);
  Pair talk, report;
  fcntl(talk.ours, F_SETFL, fcntl(talk.ours, F_GETFL) | O_NONBLOCK);
  errors_ = memfd_create("complaints", MFD_CLOEXEC);
  const bool root = geteuid() == 0;
  const Containment plan{.path = path.c_str(),
                         .arguments = pointers(path, arguments),
                         .user = root ? kNobody : geteuid(),
                         .group = root ? kNobody : getegid(),
                         .changes = root,
                         .talk = talk.theirs,
                         .errors = errors_,
                         .report = report.theirs,
                         .parent_end = report.ours};
  constexpr unsigned long kNamespaces = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC;
  const long pid = syscall(SYS_clone, kNamespaces | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (pid == 0) run_contained(plan);
  if (pid < 0) {
    const int error = errno;
    close_all();
    const bool forbidden = error == ENOSPC || error == EPERM;  // the count of namespaces is "space", too
    throw std::runtime_error(forbidden ? "user namespaces are forbidden here" : "no namespaces: " + reason(error));
  }
  pid_ = static_cast<pid_t>(pid);
  close(std::exchange(report.theirs, -1));
  socket_ = std::exchange(talk.ours, -1);
  try {
    map_user(pid_, plan.user, plan.group);
    send(report.ours, "", 1, MSG_NOSIGNAL);
    await_start(report.ours, path);
  } catch (const std::exception&) {
    close_all();
    throw;
  }
}

ContainedProcess::~ContainedProcess() {
  close_all();
}

// The first process of a process namespace takes all others with it.
void ContainedProcess::close_all() {
  for (int* fd : {&socket_, &errors_})
    if (*fd >= 0) close(std::exchange(*fd, -1));
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
}

std::string ContainedProcess::complaint() const {
  std::array<char, 4096> text{};
  const off_t end = lseek(errors_, 0, SEEK_END), start = std::max<off_t>(end - static_cast<off_t>(text.size()), 0);
  const ssize_t count = pread(errors_, text.data(), text.size(), start);
  std::string_view last(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  while (last.ends_with('\n')) last.remove_suffix(1);
  last.remove_prefix(std::min(last.rfind('\n') + 1, last.size()));
  return base::shorten(base::replace_bad_utf8(last), kMaxComplaint);
}

}  // namespace check
