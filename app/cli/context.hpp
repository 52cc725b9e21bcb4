// What every command is given: the global options, the settings, the database, and a place for its exit code.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "app/base/config.hpp"
#include "app/cli/console.hpp"
#include "app/cli/failure.hpp"
#include "db/database.hpp"

namespace cli {

class Context {
 public:
  explicit Context(base::Environment environment) : environment_(std::move(environment)) {}

  // Bound to --config and --json; they hold from the moment when the command line has been parsed.
  std::string config_option;
  bool json = false;

  Exit exit = Exit::done;

  const base::Environment& environment() const { return environment_; }
  Console console() const { return Console(json, environment_); }

  // --config, else QL_CONFIG, else the default path; empty where that default does not exist and QL_DATABASE_URL is
  // given: then the environment is all there is.
  std::string config_path() const;

  // Throws Failure (config_invalid), as does all that follows.
  const base::Config& config();

  db::Database& database();                            // with time-outs for people: longer than a worker's
  db::Account account(const std::string& name_or_id);  // throws Failure (account_not_found)

 private:
  base::Environment environment_;
  std::optional<base::Config> config_;
  std::unique_ptr<db::Database> database_;
};

// How to name the account on a command line: by its name, or by its id where the name has characters that do not print.
std::string account_word(const db::Account& account);

// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace cli
