// What every test of faults needs: how often, how long, and whether a process lives.
#pragma once

#include <chrono>

#include <sys/types.h>

#include "tests/support/wait_until.hpp"

namespace faults {

// `QL_FAULTS=full`: how often a thing is done in earnest, else in the short slice.
int repeat(int short_slice, int full);

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start);
void sleep_ms(int milliseconds);
bool alive(pid_t pid);  // a zombie is not

using support::wait_until;

}  // namespace faults
