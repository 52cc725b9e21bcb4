// Hears on one connection that cached keys may be stale, and knows whether it can hear at all: every few seconds it
// sends itself a notification. A pooler gives us other backends' ears: then the echo is missing, or comes from a
// process that is not the one we connected to.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <libpq-fe.h>

namespace db {

class Listener {
 public:
  void start(PGconn* connection);  // a new connection; deaf if the server refuses LISTEN (a standby does)
  void stop();                     // the connection is gone
  void probe_if_due(PGconn* connection);

  // False if the connection turned out to be dead. Does not block.
  bool drain(PGconn* connection);

  std::uint64_t generation() const { return generation_; }
  bool hears() const { return hears_; }

 private:
  void probe(PGconn* connection);
  void read(PGconn* connection);

  std::uint64_t generation_ = 0;
  std::uint64_t echo_ = 0;  // the number of the last probe
  bool echoed_ = false;     // it came back
  bool hears_ = false;
  std::string channel_;  // of the probes: nobody else listens there
  std::chrono::steady_clock::time_point next_probe_{};
};

}  // namespace db
