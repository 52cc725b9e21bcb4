// What the master makes in its run directory: listening sockets and the lock.
#pragma once

#include <string>

#include "app/server/fd.hpp"

namespace server {

// A listening unix stream socket at `path`, mode 0660, owned by `group` if that is not empty, not blocking. Put in
// place by rename, so that there is no moment without a socket where one was before. Throws std::runtime_error.
Fd listen_on(const std::string& path, int backlog, const std::string& group);

// Holds as long as a process has the descriptor. Throws std::runtime_error if another master holds it, naming its
// process.
Fd lock_file(const std::string& path);

}  // namespace server
