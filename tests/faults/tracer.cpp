#include "tests/faults/tracer.hpp"

#include <csignal>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "tests/faults/timing.hpp"

namespace faults {

Tracer::Tracer(pid_t pid, const std::string& file, const std::string& calls, const std::vector<Injection>& injections)
    : file_(file) {
  std::string traced = calls;
  std::vector<std::string> command = {"strace", "-f", "-y", "-ttt", "-s", "64", "-p", std::to_string(pid), "-o", file};
  for (const auto& injection : injections) {
    traced += (traced.empty() ? "" : ",") + injection.call;
    command.insert(command.end(),
                   {"-e", "inject=" + injection.call + ':' + injection.fault + ":when=" + injection.when});
  }
  command.insert(command.end(), {"-e", "trace=" + traced});
  const std::string messages = file + ".messages";
  std::filesystem::remove(file);
  std::filesystem::remove(messages);
  strace_ = Process(command, messages);
  const auto attached = [&] { return slurp(messages).find(" attached") != std::string::npos; };
  if (!wait_until([&] { return attached() || !alive(strace_.pid()); }, 10) || !attached())
    throw std::runtime_error("strace cannot attach to " + std::to_string(pid) + ":\n" + slurp(messages));
}

bool Tracer::ended(double seconds) {
  return strace_.pid() < 0 || strace_.wait(seconds) != -1;
}

void Tracer::detach() {
  strace_.signal(SIGINT);
  strace_.wait(10);
}

std::vector<std::string> Tracer::lines() const {
  std::istringstream text(slurp(file_));
  std::vector<std::string> all;
  for (std::string line; std::getline(text, line);) all.push_back(line);
  return all;
}

int Tracer::injected() const {
  int count = 0;
  bool killed = false;  // once for all threads
  for (const auto& line : lines()) {
    if (line.find("(INJECTED)") != std::string::npos) ++count;
    if (line.find("+++ killed by SIGKILL") != std::string::npos) killed = true;
  }
  return count + (killed ? 1 : 0);
}

namespace {

// "PID TIME call(…": where the N-th of these begins.
std::size_t field(const std::string& line, int number) {
  std::size_t at = line.find_first_not_of(' ');
  for (; number > 0 && at != std::string::npos; --number) at = line.find_first_not_of(' ', line.find(' ', at));
  return at;
}

}  // namespace

std::string call_of(const std::string& line) {
  const auto start = field(line, 2);
  if (start == std::string::npos) return {};
  const auto end = line.find_first_of("( ", start);
  if (end == std::string::npos || line[end] != '(') return {};  // "<... resumed>", "+++ exited", "--- SIGTERM"
  return line.substr(start, end - start);
}

double time_of(const std::string& line) {
  const auto start = field(line, 1);
  return start == std::string::npos ? 0 : std::stod(line.substr(start));
}

std::string file_of(const std::string& line) {
  const auto call = field(line, 2);
  const auto start = call == std::string::npos ? call : line.find('<', call);
  if (start == std::string::npos || line.find_first_of(",)", call) < start) return {};
  return line.substr(start + 1, line.find('>', start) - start - 1);
}

std::map<std::string, int> count_calls(const std::vector<std::string>& lines) {
  std::map<std::string, int> counts;
  for (const auto& line : lines)
    if (const auto call = call_of(line); !call.empty()) ++counts[call];
  return counts;
}

}  // namespace faults
