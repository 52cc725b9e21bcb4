// What the server said of the last failed statement, kept from libpq's results wherever they are made, SOCI's included.
// SOCI passes on a text only, in which DETAIL repeats bound values and the constraint's name is a matter of language.
#pragma once

#include <string>

#include <libpq-events.h>
#include <libpq-fe.h>

#include "db/error.hpp"

namespace db {

ErrorKind kind_of(const std::string& sqlstate);

class Diagnostics {
 public:
  Diagnostics() = default;
  Diagnostics(const Diagnostics&) = delete;
  Diagnostics& operator=(const Diagnostics&) = delete;

  void watch(PGconn* connection);  // a new one; *this must outlive it
  void clear();                    // before a statement
  bool any() const { return !sqlstate_.empty() || !message_.empty(); }

  // The server has said good-bye: the connection is lost, even if its end has not been read yet.
  bool farewell() const { return farewell_; }

  // The server has forgotten or outgrown a prepared statement (a pooler reset it, a migration changed its result).
  bool stale_statement() const { return sqlstate_ == "26000" || sqlstate_ == "42P05" || sqlstate_ == "0A000"; }

  // "could not TASK: what the server said" with its code and constraint; never a bound value. Without an answer from
  // the server: that the connection was lost.
  Error error(const std::string& task, bool connection_lost) const;

 private:
  static int on_event(PGEventId id, void* info, void* self);
  static void on_notice(void* self, const PGresult* notice);
  void keep(const PGresult* result);

  bool farewell_ = false;
  std::string sqlstate_;
  std::string constraint_;
  std::string message_;
};

}  // namespace db
