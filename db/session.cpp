#include "db/session.hpp"

#include <algorithm>
#include <utility>

#include <soci/postgresql/soci-postgresql.h>

#include "app/base/ids.hpp"
#include "db/connection.hpp"

namespace db {
namespace {

using Clock = std::chrono::steady_clock;

// Between failed attempts to connect. Where an attempt hangs until its timeout, four times as long as it took: an
// outage may cost a worker a fifth of its time, not all of it.
constexpr std::chrono::milliseconds kShortestPause{200};
constexpr std::chrono::milliseconds kLongestPause{5000};

constexpr int kTransactionRuns = 4;

// Thrown from work that uses libpq directly; attempt() alone sees it.
struct LibpqFailure {};

// True for as long as it stands.
class Raised {
 public:
  explicit Raised(bool& flag) : flag_(flag) { flag_ = true; }
  ~Raised() { flag_ = false; }
  Raised(const Raised&) = delete;
  Raised& operator=(const Raised&) = delete;

 private:
  bool& flag_;
};

// A slug is looked up before it is taken; when it is gone by then, the next run finds that out.
bool lost_race(const Error& error) {
  return error.kind() == ErrorKind::retry || error.constraint() == "slugs_pkey";
}

void require_success(const Result& result) {
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) throw LibpqFailure{};
}

}  // namespace

Session::Session(Options options) : options_(std::move(options)) {}

PGconn* Session::connection() const {
  return static_cast<soci::postgresql_session_backend*>(const_cast<soci::session&>(*sql_).get_backend())->conn_;
}

bool Session::lost() const {
  return !sql_ || PQstatus(connection()) != CONNECTION_OK || diagnostics_.farewell();
}

int Session::socket() const {
  return sql_ ? PQsocket(connection()) : -1;
}

std::uint64_t Session::key_generation() {
  if (sql_ && (!listener_.drain(connection()) || lost())) close();
  return listener_.generation();
}

void Session::close() {
  if (!sql_) return;
  prepared_.clear();
  sql_.reset();
  listener_.stop();
}

// `look_first`: read from a kept connection to see whether it is dead. Work that may be repeated finds out by itself.
Session::Connection Session::connect(bool look_first) {
  if (sql_ && (!look_first || listener_.drain(connection()))) {
    listener_.probe_if_due(connection());
    if (!lost()) return Connection::kept;
  }
  close();
  const auto start = Clock::now();
  if (start < next_attempt_) throw Error(ErrorKind::unavailable, "08001", "", last_refusal_);
  try {
    open();
  } catch (const soci::soci_error& error) {
    close();
    const auto now = Clock::now();
    next_attempt_ = now + std::clamp<Clock::duration>(4 * (now - start), kShortestPause, kLongestPause);
    last_refusal_ = "could not connect to the database: " + one_line(error.get_error_message());
    throw Error(ErrorKind::unavailable, "08001", "", last_refusal_);
  }
  return Connection::fresh;
}

void Session::open() {
  sql_.emplace(*soci::factory_postgresql(), connection_string(options_));
  diagnostics_.watch(connection());
  PGresult* result = PQexec(connection(), session_settings(options_).c_str());
  const bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  if (!done) throw soci::soci_error("the server refused the session's settings");
  listener_.start(connection());
  if (lost()) throw soci::soci_error("the server closed the new connection");
}

template <typename F>
auto Session::attempt(const char* task, bool repeatable, F&& f) {
  for (;;) {
    const bool may_repeat = connect(!repeatable) == Connection::kept && repeatable;
    diagnostics_.clear();
    try {
      return f();
    } catch (const Error&) {
      throw;
    } catch (const LibpqFailure&) {
    } catch (const soci::soci_error& error) {
      if (!lost() && !diagnostics_.any())  // SOCI's own complaint: a mistake in our use of it
        throw Error(ErrorKind::internal, "", "", std::string("could not ") + task + ": " + error.get_error_message());
    }
    const Error error = diagnostics_.error(task, lost());
    const bool useless = lost() || diagnostics_.stale_statement();
    if (useless) close();
    if (!useless || !may_repeat) throw error;
  }
}

void Session::read(const char* task, const Work& work) {
  if (together_) return work(*sql_);
  attempt(task, true, [&] { work(*sql_); });
}

// An empty text counts as nothing said (event_actor in migration 0005). SET, because a SELECT would fix the
// transaction's snapshot, and some have yet to choose their isolation.
void Session::tell_actor() {
  if (!actor_) return;
  const auto literal = [&](const std::string& text) {
    const std::unique_ptr<char, decltype(&PQfreemem)> quoted(PQescapeLiteral(connection(), text.data(), text.size()),
                                                             PQfreemem);
    if (!quoted) throw LibpqFailure();
    return std::string(quoted.get());
  };
  const auto id = actor_->id ? base::format_uuid(*actor_->id) : std::string();
  command(("set local quietleaks.actor_type = " + literal(actor_->type) + "; set local quietleaks.actor_id = " +
           literal(id) + "; set local quietleaks.actor_name = " + literal(actor_->name) +
           "; set local quietleaks.request_id = " + literal(actor_->request_id))
              .c_str());
}

void Session::transaction(const Work& work) {
  soci::transaction transaction(*sql_);
  tell_actor();
  work(*sql_);
  transaction.commit();
}

void Session::command(const char* sql) {
  require_success(Result(PQexec(connection(), sql)));
}

void Session::together(const char* task, const std::function<void()>& work) {
  if (together_) return work();
  write(task, [&](soci::session&) {
    const Raised flag(together_);
    work();
  });
}

void Session::undo_if_thrown(const std::function<void()>& work) {
  command("savepoint undo");
  try {
    work();
  } catch (const LibpqFailure&) {
    throw;  // not for the work to survive: all of the transaction is repeated or given up
  } catch (const soci::soci_error&) {
    throw;
  } catch (...) {
    command("rollback to savepoint undo");
    throw;
  }
}

void Session::write(const char* task, const Work& work) {
  if (together_) return work(*sql_);
  for (int run = 1;; ++run) {
    try {
      return attempt(task, false, [&] { transaction(work); });
    } catch (const Error& error) {
      if (!lost_race(error) || run == kTransactionRuns) throw;
    }
  }
}

Result Session::query(const Statement& statement, const Parameters& parameters) {
  if (together_) return execute(statement, parameters);
  return attempt(statement.task, true, [&] { return execute(statement, parameters); });
}

void Session::snapshot(const char* task, const char* settings, const std::function<void()>& work) {
  if (together_) return work();
  attempt(task, true, [&] {
    command((std::string("begin isolation level repeatable read read only; ") + settings).c_str());
    try {
      const Raised flag(together_);
      work();
    } catch (...) {
      if (!lost()) PQclear(PQexec(connection(), "rollback"));
      throw;
    }
    command("commit");
  });
}

Result Session::execute(const Statement& statement, const Parameters& parameters) {
  if (!prepared_.contains(&statement)) prepare(statement);
  Result result(PQexecPrepared(connection(), statement.name, parameters.count(), parameters.values(),
                               parameters.lengths(), parameters.formats(), 1));
  require_success(result);
  return result;
}

Result Session::step(const std::string& sql, const Parameters& parameters) {
  Result result(PQexecParams(connection(), sql.c_str(), parameters.count(), nullptr, parameters.values(),
                             parameters.lengths(), parameters.formats(), 1));
  require_success(result);
  return result;
}

void Session::prepare(const Statement& statement) {
  require_success(Result(PQprepare(connection(), statement.name, statement.sql, 0, nullptr)));
  prepared_.insert(&statement);
}

}  // namespace db
