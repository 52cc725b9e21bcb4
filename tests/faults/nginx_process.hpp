// An nginx with our site's real configuration in front of one quietleaks-web, to be killed and started for itself.
#pragma once

#include <string>

#include "tests/faults/process.hpp"

namespace faults {

class NginxProcess {
 public:
  // Its files lie in `directory`, which has log/ and html/; sockets are in directory/run. Starts nothing yet.
  explicit NginxProcess(std::string directory, Process::Environment environment = {});

  void start();  // returns when it accepts connections
  void stop() { process_ = Process(); }
  void kill();  // SIGKILL to all its processes; returns when they are gone
  pid_t pid() const { return process_.pid(); }

  const std::string& base_url() const { return base_url_; }
  std::string ca_file() const { return directory_ + "/tls/ca.pem"; }

 private:
  void render() const;

  std::string directory_;
  Process::Environment environment_;
  int port_;
  std::string base_url_;
  Process process_;
};

// Returns when none of them is there any more; throws std::runtime_error after 10 seconds.
void must_end(const std::vector<pid_t>& processes, const char* what);

}  // namespace faults
