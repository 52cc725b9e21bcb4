// The monitor processes that are at work, as they say themselves. Migration 0012 says how that is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

struct MonitorReport {
  std::string host;  // the machine's name
  std::int64_t checks_per_minute = 0;
  bool reaches_nobody = false;  // its own network or resolver seems to be ill
};

struct MonitorAtWork {
  std::string host;
  std::int64_t checks_per_minute = 0;
  std::optional<std::int64_t> reaches_nobody_s;  // for so long
};

class Monitors {
 public:
  explicit Monitors(Session& session) : session_(session) {}

  void report(const Uuid& id, const MonitorReport& report);
  void end(const Uuid& id);              // it is not at work any more
  int forget_old();                      // those that did not end, but were killed
  std::vector<MonitorAtWork> at_work();  // that reported within a minute, by host

 private:
  Session& session_;
};

}  // namespace db
