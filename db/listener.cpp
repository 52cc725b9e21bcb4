#include "db/listener.hpp"

#include <memory>

namespace db {
namespace {

constexpr auto kProbeInterval = std::chrono::seconds(5);
constexpr const char* kKeyChannel = "ql_keys";

bool command(PGconn* connection, const std::string& sql) {
  PGresult* result = PQexec(connection, sql.c_str());
  const bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  return done;
}

}  // namespace

void Listener::start(PGconn* connection) {
  stop();
  channel_ = "ql_probe_" + std::to_string(PQbackendPID(connection));
  probe(connection);
}

void Listener::stop() {
  ++generation_;
  hears_ = false;
}

void Listener::probe_if_due(PGconn* connection) {
  if (std::chrono::steady_clock::now() >= next_probe_) probe(connection);
}

// PostgreSQL sends a session its own notifications before it is ready for the next query: when the command is done, the
// echo is there or never comes. A notification takes a transaction id; asynchronous commit spares us waiting for a
// sync.
void Listener::probe(PGconn* connection) {
  next_probe_ = std::chrono::steady_clock::now() + kProbeInterval;
  const bool heard_before = hears_;
  bool sent = heard_before ||
              (command(connection, std::string("listen ") + kKeyChannel) && command(connection, "listen " + channel_));
  echoed_ = false;
  sent = sent && command(connection, "begin; set local synchronous_commit = off; notify " + channel_ + ", '" +
                                         std::to_string(++echo_) + "'; commit");
  if (!sent) command(connection, "rollback");
  read(connection);
  hears_ = sent && echoed_;
  if (hears_ != heard_before) ++generation_;
}

bool Listener::drain(PGconn* connection) {
  if (PQconsumeInput(connection) != 1) return false;
  read(connection);
  return PQstatus(connection) == CONNECTION_OK;
}

void Listener::read(PGconn* connection) {
  while (PGnotify* notification = PQnotifies(connection)) {
    const std::unique_ptr<PGnotify, decltype(&PQfreemem)> owner(notification, &PQfreemem);
    if (channel_ != notification->relname)
      ++generation_;
    else if (notification->be_pid == PQbackendPID(connection) && std::to_string(echo_) == notification->extra)
      echoed_ = true;
  }
}

}  // namespace db
