// The machine that we run on.
#pragma once

#include <string>

namespace base {

std::string host_name();  // as gethostname() gives it, cut off at 255 bytes

}  // namespace base
