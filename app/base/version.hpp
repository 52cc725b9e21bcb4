// The version of all programs, which are built and released together.
#pragma once

namespace base {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace base
