#include "tests/support/process_tree.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include <unistd.h>

#include "app/base/text.hpp"

namespace support {
namespace {

// Of "PID (NAME) STATE PARENT ...": a name may hold anything.
pid_t parent_of(const std::string& stat) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return -1;
  std::istringstream rest(stat.substr(name_end + 1));
  char state = 0;
  pid_t parent = -1;
  rest >> state >> parent;
  return parent;
}

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::multimap<pid_t, pid_t> all_by_parent() {
  std::multimap<pid_t, pid_t> all;
  for (const auto& entry : std::filesystem::directory_iterator("/proc"))
    if (const auto pid = base::parse_int(entry.path().filename().string()))
      all.emplace(parent_of(text_of(entry.path().string() + "/stat")), static_cast<pid_t>(*pid));
  return all;
}

}  // namespace

std::set<pid_t> descendants(pid_t root) {
  const auto all = all_by_parent();
  std::set<pid_t> found;
  std::vector<pid_t> next{root};
  while (!next.empty()) {
    const auto [first, last] = all.equal_range(next.back());
    next.pop_back();
    for (auto at = first; at != last; ++at)
      if (found.insert(at->second).second) next.push_back(at->second);
  }
  return found;
}

std::set<pid_t> children(pid_t parent) {
  const auto all = all_by_parent();
  std::set<pid_t> found;
  const auto [first, last] = all.equal_range(parent);
  for (auto at = first; at != last; ++at) found.insert(at->second);
  return found;
}

bool any_alive(const std::set<pid_t>& pids) {
  for (const pid_t pid : pids)
    if (kill(pid, 0) == 0) return true;
  return false;
}

long resident_kib(const std::set<pid_t>& pids) {
  long pages = 0;
  for (const pid_t pid : pids) {
    long all = 0, resident = 0;
    std::ifstream("/proc/" + std::to_string(pid) + "/statm") >> all >> resident;
    pages += resident;
  }
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

std::string network_of(pid_t pid) {
  std::error_code gone;
  return std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/ns/net", gone).string();
}

std::string interfaces_of(pid_t pid) {
  std::istringstream lines(text_of("/proc/" + std::to_string(pid) + "/net/dev"));
  std::string names;
  for (std::string line; std::getline(lines, line);)
    if (const auto colon = line.find(':'); colon != std::string::npos)
      names += std::string(base::trim(line.substr(0, colon))) + ' ';
  return names;
}

}  // namespace support
