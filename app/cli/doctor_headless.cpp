// doctor: whether the monitor's Chromium runs where it is to run, tried with a page that a script leads on.
#include "app/check/script_run.hpp"
#include "app/cli/findings.hpp"

namespace cli {

void examine_headless(const base::Config& config, Findings& findings) {
  if (!config.monitor.headless) return;
  const std::string& program = config.monitor.headless_program;
  const std::string fault = check::headless_fault(program);
  if (fault.empty()) return findings.good("headless", program + " follows scripts, without a network");
  findings.warn("headless", fault,
                "Checks go on without it. It takes Debian's package chromium (or monitor.headless_program), and user "
                "namespaces: sysctl user.max_user_namespaces, and kernel.unprivileged_userns_clone where there is one. "
                "The monitor's unit forbids them unless it has the drop-in quietleaks-monitor-headless.conf.");
}

}  // namespace cli
