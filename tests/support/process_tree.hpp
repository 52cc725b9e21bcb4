// The processes that a process has started, by themselves and by those that they started.
#pragma once

#include <set>
#include <string>

#include <sys/types.h>

namespace support {

std::set<pid_t> descendants(pid_t root);
std::set<pid_t> children(pid_t parent);
bool any_alive(const std::set<pid_t>& pids);  // or a zombie
long resident_kib(const std::set<pid_t>& pids);

// "net:[4026531840]": which network it lives in; empty: it is gone.
std::string network_of(pid_t pid);
std::string interfaces_of(pid_t pid);  // of that network: "lo eth0 "

}  // namespace support
