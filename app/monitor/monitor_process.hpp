// The monitor: takes links that are due, checks them, records what was seen. Any number of these share a database.
#pragma once

#include <functional>
#include <string>

#include "app/base/config.hpp"

namespace monitor {

// How it stays in touch with whoever manages services; each is called from one thread.
struct Supervision {
  std::function<void(const std::string& status)> ready;
  std::function<void()> alive;  // at least every second
  std::function<void(const std::string& status)> status;
  std::function<void()> stopping;
};

// Throws with a message for the operator if something in the monitor's settings is no good.
void check_config(const base::Config& config);

// Works until SIGTERM or SIGINT; then finishes what is under way, within stop_timeout_s of the settings. A second
// signal stops it at once: what it held comes due by itself. The process's exit code.
int run(const base::Config& config, const Supervision& supervision);

}  // namespace monitor
