// The operator at work: runs the real `quietleaks` beside a database of its own and keeps apart what it prints where.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/support/postgres.hpp"

namespace integration {

struct Outcome {
  int exit_code = 0;  // 128 + signal if a signal ended it
  std::string out;
  std::string err;
  long peak_kib = 0;  // the most memory that was resident
};

// A `quietleaks` that runs. Its standard input is a text, its environment nothing but what is given.
class RunningCommand {
 public:
  RunningCommand(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                 const std::string& input);
  ~RunningCommand();
  RunningCommand(RunningCommand&& other) noexcept;
  RunningCommand(const RunningCommand&) = delete;

  Outcome wait();
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

class Operator {
 public:
  explicit Operator(support::TestDatabase::Content content = support::TestDatabase::Content::migrated);
  ~Operator();

  Outcome run(const std::vector<std::string>& arguments, const std::string& input = "") const;
  RunningCommand start(const std::vector<std::string>& arguments, const std::string& input = "") const;
  // With --json, and exit code 0: what standard output says.
  std::string json(std::vector<std::string> arguments, const std::string& input = "") const;

  std::string write_file(const std::string& name, const std::string& text) const;  // returns its path
  const std::string& folder() const { return folder_; }

  support::TestDatabase database;
  std::vector<std::string> environment;

 private:
  std::string folder_;
};

bool contains(const std::string& text, const std::string& part);
void expect_json(const std::string& expected, const std::string& actual);  // as json_match.hpp compares them

// The text of member `name` in a flat JSON object; "" if there is none.
std::string json_text(const std::string& json, const std::string& name);

}  // namespace integration
