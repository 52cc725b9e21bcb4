// A private PostgreSQL for a test program (scripts/private-postgres, started on first use, gone at exit) and a database
// of its own for whoever asks: copied from a migrated template, it costs some 50 ms.
#pragma once

#include <string>
#include <vector>

#include <libpq-fe.h>

#include "db/database.hpp"

namespace support {

class Cluster {
 public:
  static Cluster& shared();

  std::string url(const std::string& database, const std::string& role = "quietleaks") const;
  void start();
  void stop();           // fast: sessions are cut off
  void end(int signal);  // SIGKILL, or SIGQUIT: at once, as after a crash; returns when no process of it is left
  int server_pid() const;
  std::string socket_folder() const { return folder_ + "/socket"; }

 private:
  Cluster();
  ~Cluster();
  Cluster(const Cluster&) = delete;

  std::string folder_;
};

class TestDatabase {
 public:
  enum class Content { migrated, empty };

  explicit TestDatabase(Content content = Content::migrated);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  std::string url(const std::string& role = "quietleaks") const;
  db::Options options(const std::string& role = "quietleaks_web") const;

  // The first value of the last row, as text ("" for null or none), with the owner's rights; "a; b" runs both. Throws
  // std::runtime_error with the server's message.
  std::string sql(const std::string& statement) const;

 private:
  std::string name_;
};

// One plain connection, for tests that need a session to themselves: a lock to hold, a race to run.
class PlainSession {
 public:
  explicit PlainSession(const std::string& url);
  ~PlainSession() { PQfinish(connection_); }
  PlainSession(const PlainSession&) = delete;
  PlainSession& operator=(const PlainSession&) = delete;

  std::string sql(const std::string& statement);
  PGconn* get() { return connection_; }

 private:
  PGconn* connection_;
};

}  // namespace support
