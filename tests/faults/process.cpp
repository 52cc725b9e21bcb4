#include "tests/faults/process.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/timing.hpp"

namespace faults {
namespace {

[[noreturn]] void become(const std::vector<std::string>& arguments, const std::string& output,
                         const Process::Environment& extra) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  dup2(file, STDOUT_FILENO);
  dup2(file, STDERR_FILENO);
  for (const auto& [name, value] : extra) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  _exit(127);
}

}  // namespace

std::string slurp(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<pid_t> children_of(pid_t pid) {
  const std::string process = std::to_string(pid);
  std::istringstream children(slurp("/proc/" + process + "/task/" + process + "/children"));
  std::vector<pid_t> found;
  for (pid_t child = 0; children >> child;)
    if (alive(child)) found.push_back(child);
  return found;
}

std::string title_of(pid_t pid) {
  const std::string line = slurp("/proc/" + std::to_string(pid) + "/cmdline");
  return line.substr(0, line.find('\0'));
}

Process::Process(const std::vector<std::string>& arguments, const std::string& output, const Environment& extra) {
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) become(arguments, output, extra);
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  return *this;
}

Process::~Process() {
  if (pid_ < 0) return;
  signal(SIGTERM);
  if (wait(10) != -1) return;
  signal(SIGKILL);
  wait(10);
}

void Process::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

int Process::wait(double seconds) {
  int status = -1;
  if (pid_ < 0 || !wait_until([&] { return waitpid(pid_, &status, WNOHANG) == pid_; }, seconds)) return -1;
  pid_ = -1;
  return status;
}

}  // namespace faults
