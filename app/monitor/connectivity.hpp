// Whether it is the others that do not answer, or we who reach nobody: a monitor whose own network or resolver is ill
// must not call every link broken.
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "app/check/record.hpp"

namespace monitor {

class Connectivity {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // It may be we who reach nobody. A name that does not exist, where others do, says nothing of us.
  static bool unreachable(const check::Record& record);
  static bool reached(const check::Record& record);  // something came over the network

  void note(const check::Record& record, const std::string& host, Time now);

  // Whether what the record says of its host is not to be believed: no names resolve here, or many hosts, one after the
  // other, do not answer, and nobody else has meanwhile.
  bool doubts(const check::Record& record, Time now) const;

 private:
  std::set<std::string> silent_;  // hosts, since the last answer; some of them
  Time answered_{};
};

}  // namespace monitor
