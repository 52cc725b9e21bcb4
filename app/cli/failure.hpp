// How a command ends when it cannot do what it was asked.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace cli {

enum class Exit : int {
  done = 0,
  failed = 1,
  usage = 2,        // the command line itself is wrong
  partly = 3,       // an import went in without some of its rows
  unusable = 3,     // of `quietleaks check`, whose 1 and 2 are verdicts: refused, or nothing that can be checked
  unreachable = 4,  // no database, or no running server
};

// `code`: a stable snake_case word for scripts. what(): what is wrong. `hint`: what to do next; may be empty.
class Failure : public std::runtime_error {
 public:
  Failure(Exit exit, std::string code, const std::string& message, std::string hint)
      : std::runtime_error(message), exit_(exit), code_(std::move(code)), hint_(std::move(hint)) {}

  Exit exit() const { return exit_; }
  const std::string& code() const { return code_; }
  const std::string& hint() const { return hint_; }

 private:
  Exit exit_;
  std::string code_;
  std::string hint_;
};

}  // namespace cli
