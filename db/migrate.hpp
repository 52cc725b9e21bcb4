// Applies db/migrations/*.sql, which are compiled in, in order, each once, forward only.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace db {

struct Migration {
  int version = 0;   // the number its file name begins with
  std::string name;  // "0001_initial"
  std::string sql;
};

const std::vector<Migration>& migrations();  // those of this build, ascending

struct MigrationState {
  int applied = 0;  // highest version in the database; 0: empty
  int known = 0;    // highest version of this build
};

MigrationState migration_state(const std::string& database_url);

// Under an advisory lock, so that parallel runs wait and then find nothing to do. `progress` is called before each
// migration. Throws db::Error; what was applied before stays applied. Returns how many were applied.
int migrate(const std::string& database_url, const std::function<void(const Migration&)>& progress);

}  // namespace db
