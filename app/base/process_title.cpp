#include "app/base/process_title.hpp"

#include <bsd/unistd.h>
#include <unistd.h>

namespace base {

void reserve_process_title(int argc, char** argv) {
  setproctitle_init(argc, argv, environ);
}

void set_process_title(const std::string& title) {
  setproctitle("-%s", title.c_str());
}

}  // namespace base
