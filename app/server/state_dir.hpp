// server.state_dir: what must outlive a restart. The master makes the folder; workers and the clicks process, who run
// as server.user, write in it.
#pragma once

#include <optional>
#include <string>

#include "app/server/worker_process.hpp"

namespace server {

// Whether it can be made, or is there and the workers can write it. Leaves nothing behind. Throws std::runtime_error
// that says what to do.
void check_state_dir(const std::string& state_dir, const std::optional<Identity>& identity);

// Makes it and its journal folder where they are missing: for the workers' user alone. Throws std::runtime_error.
void make_state_dir(const std::string& state_dir, const std::optional<Identity>& identity);

// For a moment this process has the rights of the workers' user in the file system.
class AsUser {
 public:
  explicit AsUser(const std::optional<Identity>& identity);  // throws std::runtime_error
  ~AsUser();
  AsUser(const AsUser&) = delete;
  AsUser& operator=(const AsUser&) = delete;

 private:
  const bool changed_;
};

}  // namespace server
