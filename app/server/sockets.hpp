// What the master makes in its run directory: listening sockets and the lock.
#pragma once

#include <string>

#include "app/server/fd.hpp"

namespace server {

// A listening unix stream socket at `path`, mode 0660, owned by `group` if that is not empty, not blocking. Put in
// place by rename, so that there is no moment without a socket where one was before. Throws std::runtime_error.
Fd listen_on(const std::string& path, int backlog, const std::string& group);

// A socket of ours; an empty `group` leaves it as it is. Throws std::runtime_error.
void give_to_group(const std::string& path, const std::string& group);

// Whether sockets can be made in `run_dir`, itself to be made if need be, and given to `group`. Leaves nothing behind.
// Throws std::runtime_error with what is in the way.
void check_socket_folder(const std::string& run_dir, const std::string& group);

// Holds as long as a process has the descriptor. For our user alone, since whoever can open it can lock it. Throws
// std::runtime_error if another master holds it, naming its process.
Fd lock_file(const std::string& path);

// Throws as lock_file() would, but not if `master` is the process that holds it.
void check_lock(const std::string& path, pid_t master);

bool is_at(const std::string& path, int fd);  // the file that is open there is what `path` names now

}  // namespace server
