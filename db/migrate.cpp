#include "db/migrate.hpp"

#include <memory>

#include <libpq-fe.h>

#include "db/connection.hpp"
#include "db/diagnostics.hpp"
#include "db/error.hpp"

namespace db {
namespace {

using Row = std::vector<std::string>;

constexpr const char* kGrants =
#include "grants.inc"
    ;

// A connection of its own, without SOCI: its SQL parser knows neither comments nor dollar quotes.
class Migrator {
 public:
  explicit Migrator(const std::string& database_url);

  std::vector<Row> run(const std::string& task, const std::string& sql, const Row& parameters = {});
  void apply(const Migration& migration);

 private:
  std::vector<Row> checked(const std::string& task, PGresult* result);

  Diagnostics diagnostics_;
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

Options options_for(const std::string& database_url) {
  Options options;
  options.url = database_url;
  options.application_name = "quietleaks migrate";
  return options;
}

Migrator::Migrator(const std::string& database_url)
    : connection_(PQconnectdb(connection_string(options_for(database_url)).c_str()), &PQfinish) {
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    throw Error(ErrorKind::unavailable, "08001", "",
                std::string("could not connect to the database: ") + PQerrorMessage(connection_.get()));
  diagnostics_.watch(connection_.get());
  // A migration may take long, but it may not queue for long behind others' locks with everyone else behind it.
  run("prepare the migration", "set lock_timeout = '1s'; set timezone = 'UTC'; set client_min_messages = warning");
}

std::vector<Row> Migrator::checked(const std::string& task, PGresult* result) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> owner(result, &PQclear);
  const auto status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw diagnostics_.error(task, PQstatus(connection_.get()) != CONNECTION_OK);
  std::vector<Row> rows;
  for (int row = 0; row < PQntuples(result); ++row) {
    rows.emplace_back();
    for (int column = 0; column < PQnfields(result); ++column)
      rows.back().emplace_back(PQgetvalue(result, row, column));
  }
  return rows;
}

std::vector<Row> Migrator::run(const std::string& task, const std::string& sql, const Row& parameters) {
  diagnostics_.clear();
  if (parameters.empty()) return checked(task, PQexec(connection_.get(), sql.c_str()));
  std::vector<const char*> values;
  for (const auto& parameter : parameters) values.push_back(parameter.c_str());
  return checked(task, PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                    values.data(), nullptr, nullptr, 0));
}

void Migrator::apply(const Migration& migration) {
  const std::string task = "apply migration " + migration.name;
  run(task, "begin; set local client_min_messages = notice");
  run(task, migration.sql);
  run(task,
      "insert into schema_migrations (version, name, checksum) "
      "values ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'))",
      {std::to_string(migration.version), migration.name, migration.sql});
  run(task, "commit");
}

int highest_applied(Migrator& migrator) {
  const auto exists = migrator.run("look for migrations", "select to_regclass('public.schema_migrations') is not null");
  if (exists.at(0).at(0) != "t") return 0;
  return std::stoi(
      migrator.run("look for migrations", "select coalesce(max(version), 0) from schema_migrations")[0][0]);
}

// Waits in line: runs that meet go one after the other.
void take_turn(Migrator& migrator) {
  migrator.run("wait for another migration",
               "set lock_timeout = 0; select pg_advisory_lock(hashtext('quietleaks migrate')); "
               "set lock_timeout = '1s'");
  migrator.run("make the table of migrations", R"sql(
    create table if not exists schema_migrations (
      version    integer     primary key,
      name       text        not null,
      checksum   text        not null,
      applied_at timestamptz not null default now()))sql");
}

void refuse(const std::string& message) {
  throw Error(ErrorKind::internal, "", "", message);
}

// What is applied must be what this build would have applied.
void verify(Migrator& migrator, int applied) {
  const auto& known = migrations();
  if (applied > known.back().version)
    refuse("the database is at migration " + std::to_string(applied) + ", newer than this build, which knows " +
           std::to_string(known.back().version) + "; use the newer quietleaks");
  for (const auto& migration : known) {
    if (migration.version > applied) continue;
    const auto row =
        migrator.run("check the applied migrations",
                     "select checksum = encode(sha256(convert_to($2, 'UTF8')), 'hex') from schema_migrations "
                     "where version = $1::integer",
                     {std::to_string(migration.version), migration.sql});
    if (row.empty()) refuse("migration " + migration.name + " was left out, though later ones are applied");
    if (row[0][0] != "t")
      refuse("migration " + migration.name +
             " was applied with another text than this build has. An applied migration " +
             "must never be edited: put the change into a new one");
  }
}

}  // namespace

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all = {
#include "migrations.inc"
  };
  return all;
}

MigrationState migration_state(const std::string& database_url) {
  Migrator migrator(database_url);
  return {.applied = highest_applied(migrator), .known = migrations().back().version};
}

int migrate(const std::string& database_url, const std::function<void(const Migration&)>& progress) {
  Migrator migrator(database_url);
  take_turn(migrator);
  const int applied = highest_applied(migrator);
  verify(migrator, applied);
  int count = 0;
  for (const auto& migration : migrations()) {
    if (migration.version <= applied) continue;
    progress(migration);
    migrator.apply(migration);
    ++count;
  }
  migrator.run("give the services' roles their rights", kGrants);
  return count;
}

}  // namespace db
