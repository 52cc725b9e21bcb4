// What a worker tells its master: single bytes on a socket pair of the two. Its end is the end of the master.
#pragma once

#include "app/base/clock.hpp"

namespace server {

// A worker says so at least every second while it waits, and before a request if the last time is this long ago: so
// silence tells the master how long a request has been running, this much too long at most.
constexpr base::Micros kHeartbeat = 250'000;

enum class Word : char {
  ready = 'r',   // listening, able to serve
  alive = 'a',   // a heartbeat, see kHeartbeat
  retire = 'R',  // has served its time: wants a successor, and goes on until it is told to stop
};

}  // namespace server
