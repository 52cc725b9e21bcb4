#include "tests/integration/operator.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/boost_test.hpp"
#include "tests/support/json_match.hpp"

namespace integration {
namespace {

// The program that was built beside this one.
std::string program() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "quietleaks").string();
}

int nameless_file() {
  char name[] = "/tmp/quietleaks-cli-XXXXXX";
  const int fd = mkostemp(name, O_CLOEXEC);
  if (fd < 0) throw std::runtime_error("cannot make a temporary file");
  unlink(name);
  return fd;
}

std::string take_text(int& fd) {
  std::string text(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)), '\0');
  if (pread(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) text.clear();
  close(std::exchange(fd, -1));
  return text;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

}  // namespace

RunningCommand::RunningCommand(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                               const std::string& input)
    : out_(nameless_file()), err_(nameless_file()) {
  int in = nameless_file();
  if (write(in, input.data(), input.size()) != static_cast<ssize_t>(input.size()))
    throw std::runtime_error("cannot write the input");
  lseek(in, 0, SEEK_SET);
  std::vector<std::string> words{program()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(environment);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(in, STDIN_FILENO);
    dup2(out_, STDOUT_FILENO);
    dup2(err_, STDERR_FILENO);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(in);
}

RunningCommand::RunningCommand(RunningCommand&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), out_(std::exchange(other.out_, -1)), err_(std::exchange(other.err_, -1)) {}

RunningCommand::~RunningCommand() {
  if (pid_ > 0) wait();
}

Outcome RunningCommand::wait() {
  int status = 0;
  rusage usage{};
  while (wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = take_text(out_),
          .err = take_text(err_),
          .peak_kib = usage.ru_maxrss};
}

Operator::Operator(support::TestDatabase::Content content)
    : database(content), environment{"QL_DATABASE_URL=" + database.url(), "LC_ALL=C.UTF-8"} {
  char name[] = "/tmp/quietleaks-operator-XXXXXX";
  if (mkdtemp(name) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  folder_ = name;
}

Operator::~Operator() {
  std::filesystem::remove_all(folder_);
}

Outcome Operator::run(const std::vector<std::string>& arguments, const std::string& input) const {
  return start(arguments, input).wait();
}

RunningCommand Operator::start(const std::vector<std::string>& arguments, const std::string& input) const {
  return {arguments, environment, input};
}

std::string Operator::json(std::vector<std::string> arguments, const std::string& input) const {
  arguments.emplace_back("--json");
  const Outcome outcome = run(arguments, input);
  if (outcome.exit_code != 0)
    throw std::runtime_error(arguments[0] + " ended with " + std::to_string(outcome.exit_code) + ": " + outcome.err);
  return outcome.out;
}

std::string Operator::write_file(const std::string& name, const std::string& text) const {
  const std::string path = folder_ + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string json_text(const std::string& json, const std::string& name) {
  std::smatch match;
  return std::regex_search(json, match, std::regex("\"" + name + "\":\"([^\"]*)\"")) ? match[1].str() : "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void expect_json(const std::string& expected, const std::string& actual) {
  const std::string difference = support::json_difference(expected, actual);
  BOOST_TEST(difference.empty(), difference << " in " << actual);
}

}  // namespace integration
