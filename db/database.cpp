#include "db/database.hpp"

#include "db/error.hpp"
#include "db/migrate.hpp"
#include "db/session.hpp"

namespace db {
namespace {

const Statement kAppliedVersion = {"ql_applied_version", "read which migrations are applied",
                                   "select coalesce(max(version), 0)::bigint from schema_migrations"};

std::int64_t applied_version(Session& session) {
  try {
    return session.query(kAppliedVersion, {}).integer(0, 0);
  } catch (const Error& error) {
    if (error.sqlstate() == "42P01") return 0;  // no such table: an empty database
    throw;
  }
}

}  // namespace

Database::Database(Options options)
    : session_(std::make_unique<Session>(std::move(options))),
      links_(*session_),
      keys_(*session_),
      accounts_(*session_),
      clicks_(*session_),
      link_edits_(*session_),
      link_search_(*session_),
      events_(*session_),
      idempotency_(*session_),
      programs_(*session_),
      transfers_(*session_),
      checks_(*session_),
      host_turns_(*session_),
      monitors_(*session_),
      users_(*session_),
      sessions_(*session_) {}

Database::~Database() = default;

Links& Database::links() {
  return links_;
}
Keys& Database::keys() {
  return keys_;
}
Accounts& Database::accounts() {
  return accounts_;
}
Clicks& Database::clicks() {
  return clicks_;
}
LinkEdits& Database::link_edits() {
  return link_edits_;
}
LinkSearch& Database::link_search() {
  return link_search_;
}
Events& Database::events() {
  return events_;
}
Idempotency& Database::idempotency() {
  return idempotency_;
}

Programs& Database::programs() {
  return programs_;
}
Transfers& Database::transfers() {
  return transfers_;
}
Checks& Database::checks() {
  return checks_;
}
HostTurns& Database::host_turns() {
  return host_turns_;
}
Monitors& Database::monitors() {
  return monitors_;
}
Users& Database::users() {
  return users_;
}
Sessions& Database::sessions() {
  return sessions_;
}

void Database::act_as(Actor actor) {
  session_->act_as(std::move(actor));
}
void Database::together(const char* task, const std::function<void()>& work) {
  session_->together(task, work);
}
void Database::undo_if_thrown(const std::function<void()>& work) {
  session_->undo_if_thrown(work);
}

void Database::check_ready() {
  const auto applied = applied_version(*session_);
  const int known = migrations().back().version;
  if (applied >= known) return;
  throw Error(ErrorKind::unavailable, kMigrationsPending, "",
              "migrations are pending: the database is at " + std::to_string(applied) + ", this build needs " +
                  std::to_string(known) + "; run: quietleaks migrate");
}

int Database::socket() const {
  return session_->socket();
}
std::uint64_t Database::key_generation() {
  return session_->key_generation();
}
bool Database::hears_revocations() const {
  return session_->hears_revocations();
}

}  // namespace db
