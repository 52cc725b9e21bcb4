// The system calls that change files, as a test sees them: functions of this program stand before the C library's, for
// liblmdb too, so that a test can note them, let one fail, or die at the N-th.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace unit {

struct SystemCall {
  std::string_view name;       // pwrite, writev, fdatasync, fsync, ftruncate, rename, symlink, unlink
  std::string path;            // of the descriptor, or the first argument
  std::string new_path;        // rename, symlink
  const void* data = nullptr;  // pwrite
  std::size_t size = 0;        // pwrite
  off_t offset = 0;            // pwrite
  bool done = false;           // it has succeeded; before that, it is about to be made
};

// Returns an errno to fail with in place of the call, or 0; may shorten a pwrite. Called by whatever thread makes the
// call.
using Watcher = std::function<int(SystemCall&)>;

// From here to its end calls are watched. One at a time.
class Watch {
 public:
  explicit Watch(Watcher watcher);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
};

}  // namespace unit
