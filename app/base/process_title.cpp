#include "app/base/process_title.hpp"

#include <cstring>

#include <bsd/unistd.h>
#include <unistd.h>

namespace base {
namespace {

char* last_byte = nullptr;  // of what the kernel takes for the arguments

}  // namespace

void reserve_process_title(int argc, char** argv) {
  last_byte = argv[argc - 1] + std::strlen(argv[argc - 1]);
  setproctitle_init(argc, argv, environ);
}

// The kernel shows the title up to its NUL if the arguments' last byte has been overwritten, else all of their memory.
// libbsd takes care of that for a program without arguments only.
void set_process_title(const std::string& title) {
  setproctitle("-%s", title.c_str());
  if (last_byte != nullptr && *last_byte == '\0') *last_byte = '.';
}

}  // namespace base
