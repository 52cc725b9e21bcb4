// Runs a program to its end, as a shell would: arguments, a few extra environment variables, one captured output.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace support {

struct CommandResult {
  int exit_code = 0;   // 128 + signal if a signal ended it
  std::string output;  // standard output and standard error, as they came
};

// Output goes through a file and not a pipe, so that a daemon which the program leaves behind cannot hold us up.
CommandResult run_command(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& extra_environment = {});

// The same, but anything other than exit code 0 throws std::runtime_error with the output.
std::string must_run(const std::vector<std::string>& arguments,
                     const std::map<std::string, std::string>& extra_environment = {});

}  // namespace support
