#include "app/check/containment.hpp"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace check {
namespace {

// Of each of its processes. Not RLIMIT_AS: script engines reserve terabytes that they never use.
constexpr rlim_t kMemory = rlim_t{512} << 20;  // private and written to
constexpr rlim_t kFile = rlim_t{256} << 20;
constexpr rlim_t kCpuSeconds = 20;
constexpr rlim_t kFiles = 1024;
constexpr int kNice = 10;
constexpr int kAside = 10;  // the first descriptor that none of the program's overwrites
constexpr const char* kFolder = "size=256m,mode=0700";

// Where others keep what is theirs: sockets, databases, homes, and our own settings.
constexpr std::array kHidden{"/run", "/var/lib", "/home", "/root", "/etc/quietleaks"};

constexpr std::array kEnvironment{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "TMPDIR=/tmp", "LANG=C.UTF-8",
                                  static_cast<const char*>(nullptr)};

[[noreturn]] void give_up(int report, ContainmentStep step) {
  const ContainmentFault fault{step, errno};
  send(report, &fault, sizeof fault, MSG_NOSIGNAL);
  _exit(127);
}

// System calls as they are: the C library's change all threads, which a copy does not have.
bool become_user(const Containment& plan) {
  if (!plan.changes) return true;
  return syscall(SYS_setgroups, 0, nullptr) == 0 && syscall(SYS_setresgid, plan.group, plan.group, plan.group) == 0 &&
         syscall(SYS_setresuid, plan.user, plan.user, plan.user) == 0;
}

bool own_folders() {
  constexpr unsigned long kPlain = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  for (const char* path : kHidden)
    if (mount("none", path, "tmpfs", kPlain | MS_RDONLY, "size=4k,mode=0755") != 0 && errno != ENOENT) return false;
  // So that it sees its own processes alone. Where parts of /proc are covered, as in containers, a new one is refused.
  mount("proc", "/proc", "proc", kPlain, nullptr);
  return mount("none", "/tmp", "tmpfs", kPlain, kFolder) == 0 && chdir("/tmp") == 0;
}

// From here on it dies with its parent's thread. Who died before has closed the other end.
bool bind_to_parent(int report) {
  char byte = 0;
  return setsid() > 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         recv(report, &byte, 1, MSG_DONTWAIT) != 0;
}

// Each is a wish: a service manager may have forbidden to set some, or have set them lower.
void set_limits() {
  const auto limit = [](int resource, rlim_t most) {
    const rlimit both{most, most};
    syscall(SYS_prlimit64, 0, resource, &both, nullptr);
  };
  limit(RLIMIT_DATA, kMemory);
  limit(RLIMIT_FSIZE, kFile);
  limit(RLIMIT_CPU, kCpuSeconds);
  limit(RLIMIT_NOFILE, kFiles);
  limit(RLIMIT_CORE, 0);
  setpriority(PRIO_PROCESS, 0, kNice);
}

// 0 and 1 are /dev/null, 2 what it complains on, 3 and 4 what it talks on; all others end with exec.
bool set_descriptors(const Containment& plan) {
  const int talk = fcntl(plan.talk, F_DUPFD_CLOEXEC, kAside), errors = fcntl(plan.errors, F_DUPFD_CLOEXEC, kAside);
  const int opened = open("/dev/null", O_RDWR | O_CLOEXEC), none = fcntl(opened, F_DUPFD_CLOEXEC, kAside);
  if (talk < 0 || none < 0) return false;
  return dup2(none, 0) == 0 && dup2(none, 1) == 1 && dup2(errors < 0 ? none : errors, 2) == 2 && dup2(talk, 3) == 3 &&
         dup2(talk, 4) == 4 && syscall(SYS_close_range, 5, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace

std::string containment_step_name(ContainmentStep step) {
  switch (step) {
    case ContainmentStep::user:
      return "a user of its own";
    case ContainmentStep::folders:
      return "folders of its own";
    case ContainmentStep::parent:
      return "its parent";
    case ContainmentStep::descriptors:
      return "its descriptors";
    case ContainmentStep::start:
      break;
  }
  return "its start";
}

std::vector<const char*> pointers(const std::string& path, const std::vector<std::string>& arguments) {
  std::vector<const char*> all{path.c_str()};
  for (const auto& argument : arguments) all.push_back(argument.c_str());
  all.push_back(nullptr);
  return all;
}

void run_contained(const Containment& plan) {
  // Moved aside first: the descriptors that the program gets would overwrite it.
  const int report = fcntl(plan.report, F_DUPFD_CLOEXEC, kAside);
  close(plan.parent_end);
  char go = 0;
  if (report < 0 || recv(report, &go, 1, 0) != 1) _exit(127);
  if (!become_user(plan)) give_up(report, ContainmentStep::user);
  if (!own_folders()) give_up(report, ContainmentStep::folders);
  if (!bind_to_parent(report)) give_up(report, ContainmentStep::parent);
  set_limits();
  if (!set_descriptors(plan)) give_up(report, ContainmentStep::descriptors);
  reset_signals();
  execve(plan.path, const_cast<char* const*>(plan.arguments.data()), const_cast<char* const*>(kEnvironment.data()));
  give_up(report, ContainmentStep::start);
}

}  // namespace check
