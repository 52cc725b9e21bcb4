// Kills of one kind of process, each exactly at the N-th system call of a kind, while visitors come and go: which calls
// it makes is learned from a trace, and after the kills the ledger is checked.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/faults/click_instance.hpp"
#include "tests/faults/click_ledger.hpp"
#include "tests/faults/tracer.hpp"
#include "tests/faults/visitors.hpp"

namespace faults {

// Whatever changes what others can see: the disk, a peer, the names of files.
extern const char* const kTellingCalls;

struct Victim {
  std::string name;
  // Calls its argument with the process that is to die, one that has done nothing yet if that can be had. What it does
  // is done when its argument has returned.
  std::function<void(const std::function<void(pid_t)>&)> with;
  std::function<void()> stir = [] {};  // makes it work, beside the visitors
};

class KillPoints {
 public:
  KillPoints(ClickInstance& instance, Victim victim, const VisitorOptions& options);

  // All points up to the `most`-th call of each kind that it makes. Boost.Test is told what went wrong.
  void run(int most);

 private:
  std::map<std::string, int> learn();
  bool kill_at(const std::string& call, int nth);
  void expect_good(const std::string& after);
  std::unique_ptr<Tracer> attach(const std::string& calls, const std::vector<Injection>& injections);

  ClickInstance& instance_;
  const Victim victim_;
  Visitors visitors_;
  ClickLedger ledger_;
  int kills_ = 0;
  std::string reached_;
  std::string missed_;
};

}  // namespace faults
