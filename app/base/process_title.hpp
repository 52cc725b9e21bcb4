// The name that ps shows. Home of libbsd's setproctitle.
#pragma once

#include <string>

namespace base {

// Once, first thing in main: the title is written over the memory of the arguments.
void reserve_process_title(int argc, char** argv);

// Shown as given: "quietleaks-web: api worker 3".
void set_process_title(const std::string& title);

}  // namespace base
