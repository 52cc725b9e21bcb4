// The one exception that leaves db/. Its what() is for the operator's log and never for a client.
#pragma once

#include <stdexcept>
#include <string>

namespace db {

enum class ErrorKind {
  conflict,     // 23505: a unique value is taken
  invalid,      // 23503, 23514, 22xxx: the data break a rule of the schema
  retry,        // 40001, 40P01: the transaction lost a race and was already retried
  timeout,      // 57014, 55P03: statement_timeout or lock_timeout
  unavailable,  // class 08, 57P01-57P03, 53xxx, no connection: come back later
  internal,     // everything else: our fault
};

// check_ready()'s: the server is there, the schema is not (55000: object not in prerequisite state).
inline constexpr const char* kMigrationsPending = "55000";

// Source of the codes: PostgreSQL manual, appendix A. Bound values never get into the message.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string sqlstate, std::string constraint, const std::string& message)
      : std::runtime_error(message), kind_(kind), sqlstate_(std::move(sqlstate)), constraint_(std::move(constraint)) {}

  ErrorKind kind() const { return kind_; }
  const std::string& sqlstate() const { return sqlstate_; }
  const std::string& constraint() const { return constraint_; }

 private:
  ErrorKind kind_;
  std::string sqlstate_;
  std::string constraint_;
};

}  // namespace db
