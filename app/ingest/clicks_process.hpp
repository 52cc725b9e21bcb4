// The clicks process: journal -> database, database -> link map. One of it works at a time (a lock in the state
// directory), so at a reload the new one waits for the old one to leave.
#pragma once

#include <functional>

#include "app/base/config.hpp"
#include "app/shm/scoreboard.hpp"

namespace ingest {

// How it stays in touch with its master.
struct Supervision {
  std::function<void()> ready;     // at once, so that a predecessor is told to go
  std::function<bool()> carry_on;  // says that it is alive; false: it is time to leave. Called at least every second.
};

// Serves until carry_on() says no (waits are interrupted by SIGTERM: base::open_signal_mask). The process's exit code.
int run_clicks_process(const base::Config& config, shm::ClicksBoard& board, const Supervision& supervision);

}  // namespace ingest
