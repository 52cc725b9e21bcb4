// strace on a running process, all its threads: shows certain system calls, and kills the process or lets the call fail
// at exactly the N-th of a kind. Without a word to its test a tracer's process goes on untouched when it detaches.
#pragma once

#include <string>
#include <vector>

#include "tests/faults/process.hpp"

namespace faults {

struct Injection {
  std::string call;                      // "pwrite64"
  std::string fault = "signal=SIGKILL";  // "error=EIO", "delay_exit=5000" (microseconds)
  std::string when;                      // strace's: "3" the third, "2+" all from the second on; of each thread
};

class Tracer {
 public:
  // Returns when it is attached; throws std::runtime_error if it cannot. `calls`: as strace's -e trace=, without
  // spaces. Calls of the injections are traced anyway. `file`: where the trace is written, anew.
  Tracer(pid_t pid, const std::string& file, const std::string& calls, const std::vector<Injection>& injections = {});

  bool ended(double seconds);  // its process is gone, within this time
  void detach();

  std::vector<std::string> lines() const;  // "PID TIME call(...) = result"
  int injected() const;                    // failures and kills that really happened

 private:
  std::string file_;
  Process strace_;
};

// How often each call was made, by the name of the call.
std::map<std::string, int> count_calls(const std::vector<std::string>& lines);
std::string call_of(const std::string& line);  // "" for lines about signals and ends
double time_of(const std::string& line);       // when the call began, in seconds
std::string file_of(const std::string& line);  // of its first argument, if that is a descriptor: a path, "socket:[…]"

}  // namespace faults
