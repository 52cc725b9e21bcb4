// One connection to PostgreSQL, made when it is first needed and made anew after it was lost. The table groups run
// their work through it; it alone turns failures into db::Error and knows which statements the connection has prepared.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>

#include <libpq-fe.h>
#include <soci/soci.h>

#include "db/database.hpp"
#include "db/diagnostics.hpp"
#include "db/listener.hpp"
#include "db/prepared.hpp"

namespace db {

class Session {
 public:
  using Work = std::function<void(soci::session&)>;

  explicit Session(Options options);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // `task` completes "could not …" in messages. `work` is given a live session and uses one-time statements only (none
  // that is kept, so none to be rebuilt after a reconnect). It must bear being run twice:
  void read(const char* task, const Work& work);   // if a kept connection turns out to be dead, on a new one
  void write(const char* task, const Work& work);  // as a transaction; if it loses a race (40001, 40P01, a slug), again

  // One round trip on the connection's own prepared statement, repeated like read().
  Result query(const Statement& statement, const Parameters& parameters);

  // All queries of `work` in one snapshot, planned and run with these settings (SET LOCAL). Repeated like read().
  void snapshot(const char* task, const char* settings, const std::function<void()>& work);

  // For whom the writes that follow are done: their events say so (migration 0005).
  void act_as(Actor actor) { actor_ = std::move(actor); }

  // Makes one transaction of all reads and writes of `work`, repeated like write() as a whole.
  void together(const char* task, const std::function<void()>& work);
  // Within together() only: what `work` has done is undone if it throws, and the transaction goes on.
  void undo_if_thrown(const std::function<void()>& work);

  // Within the work of write() only, because it is part of its transaction and not repeated alone.
  Result step(const Statement& statement, const Parameters& parameters) { return execute(statement, parameters); }
  Result step(const std::string& sql, const Parameters& parameters);  // prepared for this once

  int socket() const;
  std::uint64_t key_generation();
  bool hears_revocations() const { return listener_.hears(); }

 private:
  enum class Connection { kept, fresh };

  Connection connect(bool look_first);
  void open();
  PGconn* connection() const;
  bool lost() const;
  void close();

  // Runs f connected; once more if the connection was kept, is found dead and `repeatable`.
  template <typename F>
  auto attempt(const char* task, bool repeatable, F&& f);
  void transaction(const Work& work);
  void tell_actor();
  void command(const char* sql);
  Result execute(const Statement& statement, const Parameters& parameters);
  void prepare(const Statement& statement);

  const Options options_;
  Diagnostics diagnostics_;  // outlives the connection
  Listener listener_;
  std::optional<soci::session> sql_;
  std::unordered_set<const Statement*> prepared_;  // on this connection
  std::optional<Actor> actor_;
  bool together_ = false;  // within together(): nothing is repeated alone

  std::chrono::steady_clock::time_point next_attempt_{};
  std::string last_refusal_;
};

}  // namespace db
