// What a forked child does to become a worker: name, limits, privileges, its place in shared memory; then the loop.
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

#include "app/base/config.hpp"
#include "app/server/companion.hpp"
#include "app/server/shared_memory.hpp"

namespace server {

// Whom workers run as. Throws std::runtime_error if there is no such user or it cannot be assumed.
struct Identity {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
};
std::optional<Identity> find_identity(const std::string& user);  // none: as the master

inline constexpr const char* kGoPool = "go";  // its workers redirect; all others serve the API's routes

struct Post {
  std::string pool;  // "api"
  const base::PoolConfig* settings = nullptr;
  int index = 0;      // within the pool, from 1
  int slot = 0;       // on the scoreboard
  int listener = -1;  // none: the companion's
  int channel = -1;   // to the master
  pid_t master = 0;
};

std::string name_of(const std::string& pool, bool listens, int index);  // "go worker 2", "clicks"

// Serves to the worker's end; the process's exit code. Called in the child, with signals still blocked.
int run_worker_process(const base::Config& config, const std::optional<Identity>& identity, const SharedMemory& memory,
                       const Companion& companion, const Post& post);

}  // namespace server
