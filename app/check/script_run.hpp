// One page's scripts run by Chromium: in a process of its own that has no network, no disk and no rights, and is gone
// afterwards.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "app/check/fetch_options.hpp"
#include "app/check/scripted_page.hpp"

namespace check {

struct ScriptRun {
  std::optional<Url> led_to;  // none: nowhere
  std::string fault;          // why Chromium could not be asked; empty: it was
};

// Blocks for at most `at_most`, and at most until `over`: ten seconds for Chromium to start, five for the scripts. The
// thread has to outlive the call.
ScriptRun run_scripts(const ScriptedPage& page, const FetchOptions& options, Milliseconds at_most,
                      const std::atomic<bool>& over);

// Why pages cannot be followed with this Chromium, having tried with one; empty: they can.
std::string headless_fault(const std::string& program);

}  // namespace check
