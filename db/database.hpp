// One process's way to PostgreSQL: one connection, its kept statements, and the table groups that use them.
// Open it after fork; it is not thread-safe. Everything below throws db::Error and nothing else.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "db/accounts.hpp"
#include "db/checks.hpp"
#include "db/clicks.hpp"
#include "db/events.hpp"
#include "db/host_turns.hpp"
#include "db/idempotency.hpp"
#include "db/keys.hpp"
#include "db/link_edits.hpp"
#include "db/link_search.hpp"
#include "db/links.hpp"
#include "db/monitors.hpp"
#include "db/programs.hpp"
#include "db/sessions.hpp"
#include "db/transfers.hpp"
#include "db/users.hpp"

namespace db {

struct Options {
  std::string url;               // libpq keywords or URI
  std::string application_name;  // shown in pg_stat_activity
  int connect_timeout_s = 3;
  int statement_timeout_ms = 5000;  // below nginx's fastcgi_read_timeout
  int lock_timeout_ms = 1000;
};

class Session;

class Database {
 public:
  explicit Database(Options options);  // does not connect yet
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Links& links();        // each connects on first use and reconnects after a lost connection,
  Keys& keys();          // at most one attempt a call: a call during an outage fails fast with
  Accounts& accounts();  // ErrorKind::unavailable
  Clicks& clicks();
  LinkEdits& link_edits();
  LinkSearch& link_search();
  Events& events();
  Idempotency& idempotency();
  Programs& programs();
  Transfers& transfers();
  Checks& checks();
  HostTurns& host_turns();
  Monitors& monitors();
  Users& users();
  Sessions& sessions();

  // For whom the writes that follow are done: their events say so.
  void act_as(Actor actor);

  // Makes one transaction of everything that `work` does with these. If it loses a race with others, it is repeated as
  // a whole. `task` completes "could not ..." in messages.
  void together(const char* task, const std::function<void()>& work);
  // Within together() only: what `work` has done is undone if it throws, and the transaction goes on.
  void undo_if_thrown(const std::function<void()>& work);

  // Throws unless the server answers and every migration that this build knows has been applied.
  void check_ready();

  // The connection's descriptor to poll for input, or -1 while there is none.
  int socket() const;

  // A number that changes whenever cached keys and plans may be stale: a notification came in, or the
  // connection was lost or made anew. Reads what has arrived without blocking.
  std::uint64_t key_generation();

  // False while revocations cannot be heard (not connected, or a pooler swallows LISTEN): cache nothing then.
  bool hears_revocations() const;

 private:
  std::unique_ptr<Session> session_;
  Links links_;
  Keys keys_;
  Accounts accounts_;
  Clicks clicks_;
  LinkEdits link_edits_;
  LinkSearch link_search_;
  Events events_;
  Idempotency idempotency_;
  Programs programs_;
  Transfers transfers_;
  Checks checks_;
  HostTurns host_turns_;
  Monitors monitors_;
  Users users_;
  Sessions sessions_;
};

}  // namespace db
