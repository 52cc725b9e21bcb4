#include "app/server/memory.hpp"

#include <fstream>

#include <unistd.h>

namespace server {

std::uint64_t own_resident_kib() {
  std::ifstream statm("/proc/self/statm");  // in pages: total, resident, of that shared (proc(5))
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  std::uint64_t shared = 0;
  if (!(statm >> total >> resident >> shared) || shared > resident) return 0;
  return (resident - shared) * (static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 1024);
}

}  // namespace server
