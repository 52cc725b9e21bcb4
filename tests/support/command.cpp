#include "tests/support/command.hpp"

#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace support {
namespace {

std::string read_all(int fd) {
  std::string text;
  char buffer[8192];
  ::lseek(fd, 0, SEEK_SET);
  for (ssize_t size = 0; (size = ::read(fd, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<size_t>(size));
  return text;
}

[[noreturn]] void become(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& extra,
                         int output) {
  for (const auto& [name, value] : extra) ::setenv(name.c_str(), value.c_str(), 1);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& extra) {
  char name[] = "/tmp/quietleaks-command-XXXXXX";
  const int output = ::mkostemp(name, O_CLOEXEC);
  if (output < 0) throw std::runtime_error("cannot make a temporary file");
  ::unlink(name);
  const pid_t child = ::fork();
  if (child == 0) become(arguments, extra, output);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  CommandResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.output = read_all(output);
  ::close(output);
  return result;
}

std::string must_run(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& extra) {
  CommandResult result = run_command(arguments, extra);
  if (result.exit_code == 0) return std::move(result.output);
  std::string line;
  for (const auto& argument : arguments) line += argument + ' ';
  throw std::runtime_error(line + "ended with " + std::to_string(result.exit_code) + ":\n" + result.output);
}

}  // namespace support
