// What a new process does between its birth in namespaces of its own and the program that it becomes. Its memory is a
// copy of a process with many threads: system calls alone, no allocation, no lock.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace check {

inline constexpr unsigned kNobody = 65534;

struct Containment {
  const char* path = nullptr;
  std::vector<const char*> arguments;  // argv, with the null at its end
  uid_t user = kNobody;                // as the namespace's map has them
  gid_t group = kNobody;
  bool changes = false;        // it is somebody else yet
  int talk = -1, errors = -1;  // its 3 and 4, its 2
  int report = -1;             // a socket: a byte comes when the map is there; a ContainmentFault goes
  int parent_end = -1;         // of that socket
};

enum class ContainmentStep : std::uint8_t { user, folders, parent, descriptors, start };

struct ContainmentFault {
  ContainmentStep step = ContainmentStep::user;
  int error = 0;  // errno
};

std::string containment_step_name(ContainmentStep step);  // "a user of its own" ...

// The pointers live as long as what they point into.
std::vector<const char*> pointers(const std::string& path, const std::vector<std::string>& arguments);

[[noreturn]] void run_contained(const Containment& plan);

}  // namespace check
