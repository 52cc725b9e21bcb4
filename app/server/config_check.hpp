// Tries a program and a configuration file in a child before they replace what runs: PROGRAM --config FILE
// --check-config, with the handover that it would get in its environment, so that it can tell whether it could take
// over (preflight.hpp). The descriptors of the handover are not open there.
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

#include "app/base/clock.hpp"
#include "app/server/fd.hpp"

namespace server {

class ConfigCheck {
 public:
  static constexpr base::Micros kTimeout = 10'000'000;

  // `handover`: encoded. Throws std::system_error if it cannot fork.
  ConfigCheck(const std::string& program, const std::string& config_path, const std::string& handover);
  ConfigCheck(ConfigCheck&&) = default;

  pid_t pid() const { return pid_; }
  base::Micros deadline() const { return deadline_; }  // kill it then

  // After the child has been reaped with `wait_status`: nothing if all is well, else what it said.
  std::optional<std::string> complaint(int wait_status);

 private:
  pid_t pid_ = -1;
  Fd output_;  // a file in memory: never blocks the child
  base::Micros deadline_ = 0;
};

}  // namespace server
