// How much memory this process holds.
#pragma once

#include <cstdint>

namespace server {

// Resident and its own: without shared memory and mapped files, which all workers hold together. 0 if not known.
std::uint64_t own_resident_kib();

}  // namespace server
