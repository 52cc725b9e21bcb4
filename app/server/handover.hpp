// What one image of the master leaves to the next when it executes itself anew: descriptors by number and the children
// that they belong to. Travels as text in one environment variable.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "app/base/clock.hpp"

namespace server {

struct Handover {
  static constexpr const char* kVariable = "QL_HANDOVER";

  struct File {
    int fd = -1;
    std::string name;  // a listening socket's or lock's path; a region's name
    bool operator==(const File&) const = default;
  };
  struct Child {
    pid_t pid = 0;
    int channel = -1;  // to its worker
    int slot = 0;      // on the scoreboard
    int index = 0;     // within its pool, from 1
    base::Micros started = 0;
    std::string pool;
    bool operator==(const Child&) const = default;
  };

  std::string program;    // path to execute at the next reload
  std::string state_dir;  // empty: an image that had none
  std::vector<File> locks;
  std::vector<File> listeners;
  std::vector<File> regions;
  std::vector<Child> children;

  bool operator==(const Handover&) const = default;
};

// What an earlier image of this process left, or, to a ConfigCheck, what its master would leave; empty at a first
// start. Can be had once. Throws as decode() does.
Handover take_inheritance();

// Names and paths hold no newline (std::invalid_argument otherwise).
std::string encode(const Handover& handover);

// Throws std::invalid_argument, saying which line it could not read.
Handover decode(const std::string& text);

}  // namespace server
