// A process that the master keeps beside its workers: one, without a listener. What it does is given to the master from
// above (app/main), since processes do not include each other.
#pragma once

#include <functional>

#include "app/base/config.hpp"
#include "app/shm/scoreboard.hpp"

namespace server {

// How it stays in touch with its master.
struct Supervision {
  std::function<void()> ready;     // at once, so that a predecessor is told to go
  std::function<bool()> carry_on;  // says that it is alive; false: it is time to leave. Called at least every second.
};

// Runs in the child until carry_on() says no; returns its exit code. Its waits open base::open_signal_mask, so that
// SIGTERM ends them.
using Companion = std::function<int(const base::Config&, shm::ClicksBoard&, const Supervision&)>;

// It may be silent for this long: a batch of clicks may wait for a slow database.
inline constexpr base::PoolConfig kCompanionPool{
    .workers = 1, .backlog = 0, .keep_connections = false, .max_requests = 0, .max_memory_mib = 0, .stuck_after_s = 60};
inline constexpr const char* kCompanionName = "clicks";  // its pool on the scoreboard and in the log

}  // namespace server
