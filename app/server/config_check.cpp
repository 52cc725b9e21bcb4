#include "app/server/config_check.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "app/base/signals.hpp"
#include "app/server/handover.hpp"

namespace server {
namespace {

[[noreturn]] void run(const std::string& program, const std::string& config_path, const std::string& handover,
                      int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  sigprocmask(SIG_SETMASK, &base::open_signal_mask(), nullptr);
  setenv(Handover::kVariable, handover.c_str(), 1);
  execl(program.c_str(), program.c_str(), "--config", config_path.c_str(), "--check-config", nullptr);
  dprintf(STDERR_FILENO, "cannot execute %s: %s", program.c_str(), std::strerror(errno));
  _exit(127);
}

}  // namespace

ConfigCheck::ConfigCheck(const std::string& program, const std::string& config_path, const std::string& handover)
    : output_(memfd_create("config-check", MFD_CLOEXEC)), deadline_(base::monotonic_micros() + kTimeout) {
  pid_ = fork();
  if (pid_ == 0) run(program, config_path, handover, output_.get());
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
}

std::optional<std::string> ConfigCheck::complaint(int wait_status) {
  if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) return std::nullopt;
  std::array<char, 4096> text{};
  const ssize_t length = pread(output_.get(), text.data(), text.size(), 0);
  const std::string said(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  if (!said.empty()) return said.substr(0, said.find_last_not_of('\n') + 1);
  return WIFSIGNALED(wait_status) ? "it was killed by signal " + std::to_string(WTERMSIG(wait_status))
                                  : "it left with " + std::to_string(WEXITSTATUS(wait_status));
}

}  // namespace server
