// Signals as counters that a loop looks at. They stay blocked everywhere but inside ppoll or epoll_pwait, so that no
// system call of a request is ever interrupted and none comes between a look at the counter and the wait.
#pragma once

#include <csignal>
#include <initializer_list>

namespace base {

// Blocks these signals and counts them from now on (in the wait that is given open_signal_mask()).
void catch_signals(std::initializer_list<int> signals);
void ignore_signals(std::initializer_list<int> signals);

// How often the signal has come since the last call.
int take_signal(int signal);

// For ppoll and epoll_pwait: nothing blocked.
const sigset_t& open_signal_mask();

// After fork: nothing has come yet for this process.
void forget_signals();

// On SIGSEGV, SIGABRT and their like: writes a backtrace to standard error, then dies of the same signal.
void report_crashes();

}  // namespace base
