// A program that a test starts, watches and ends. It dies with the thread that started it: the test's main one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace faults {

std::string slurp(const std::string& path);  // "" if there is none
std::vector<pid_t> children_of(pid_t pid);   // those of its main thread
std::string title_of(pid_t pid);             // as ps shows it

class Process {
 public:
  using Environment = std::map<std::string, std::string>;

  Process() = default;
  // Output of both kinds is appended to the file `output`.
  Process(const std::vector<std::string>& arguments, const std::string& output, const Environment& extra = {});
  ~Process();  // TERM, and KILL after 10 seconds
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  pid_t pid() const { return pid_; }  // -1: none
  void signal(int number) const;
  int wait(double seconds);  // its wait status, and then it is no more; -1: it goes on

 private:
  pid_t pid_ = -1;
};

}  // namespace faults
