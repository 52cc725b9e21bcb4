#include "app/cli/database_failure.hpp"

#include <string>

namespace cli {

Failure database_failure(const db::Error& error) {
  if (error.kind() == db::ErrorKind::unavailable)
    return {Exit::unreachable, "database_unavailable", error.what(),
            "Is PostgreSQL running, and does database.url (or QL_DATABASE_URL) lead to it? `quietleaks doctor` looks "
            "at each step."};
  if (error.sqlstate() == "42P01" || error.sqlstate() == "42703" || error.sqlstate() == "42883")
    return {Exit::failed, "migrations_pending", "the database is not prepared for this version",
            "Run `quietleaks migrate`, then try again."};
  if (error.sqlstate() == "42501")
    return {
        Exit::failed, "permission_denied", std::string("the database refused: ") + error.what(),
        "The database user in use may not do this (quietleaks_web, for one, may not change accounts). Use the owner's "
        "URL: QL_DATABASE_URL=... of the role that ran `quietleaks migrate`."};
  if (error.kind() == db::ErrorKind::timeout)
    return {Exit::failed, "database_timeout", std::string("the database took too long: ") + error.what(),
            "Something may hold a lock (see pg_stat_activity). Nothing was changed; try again."};
  return {Exit::failed, "database_error", std::string("the database answered with an error: ") + error.what(),
          "SQLSTATE " + error.sqlstate() + ". The PostgreSQL log has the statement."};
}

}  // namespace cli
