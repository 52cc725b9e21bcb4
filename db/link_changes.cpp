#include "db/link_changes.hpp"

#include <array>
#include <optional>
#include <string_view>

#include <libpq-fe.h>

#include "db/connection.hpp"
#include "db/database.hpp"
#include "db/diagnostics.hpp"
#include "db/prepared.hpp"

namespace db {
namespace {

constexpr const char* kListen = "listen ql_links";

constexpr const char* kBegin = "begin isolation level repeatable read read only";

// The two halves of a point. The file's timeline is the server's own: a restore to a point in time begins another.
constexpr const char* kState = R"sql(
select (select system_identifier from pg_control_system())::text || '/' ||
       (select oid from pg_database where datname = current_database())::text || '/' ||
       left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) || '/' || 'slugs'::regclass::oid::text,
       pg_current_snapshot()::text
)sql";

// $1: the snapshot of a point. Whether all changes that it could not see are still there, and whether this server has
// come as far as it at all (one that was set back by copying its files has not).
constexpr const char* kTells = R"sql(
select pg_snapshot_xmin($1::pg_snapshot) >= pruned_before and pg_visible_in_snapshot(truncated_by, $1::pg_snapshot)
       and pg_snapshot_xmax($1::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
  from link_changes_horizon
)sql";

constexpr const char* kChanges = R"sql(
declare parts no scroll cursor for
select changed.slug, target.account_id, target.link_id, target.url
  from (select distinct slug from link_changes
         where xid >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(xid, $1::pg_snapshot)) as changed
  left join lateral (select * from redirects where redirects.slug = changed.slug) as target on true
)sql";

constexpr const char* kAll = R"sql(
declare parts no scroll cursor for select slug, account_id, link_id, url from redirects order by slug
)sql";

// $1: the snapshot of a point. How many changes were thrown away.
constexpr const char* kPrune = R"sql(
with gone as (
  delete from link_changes
   where ctid in (select ctid from link_changes
                   where xid < pg_snapshot_xmin($1::pg_snapshot) and at < now() - interval '1 day'
                   limit 10000)
  returning xid
), moved as (
  update link_changes_horizon
     set pruned_before = greatest(pruned_before, (select (max(xid::text::bigint) + 1)::text::xid8 from gone))
   where exists (select from gone)
)
select count(*) from gone
)sql";
constexpr std::int64_t kPruned = 10000;

constexpr char kSeparator = ' ';

std::string_view database_of(const SyncPoint& point) {
  return std::string_view(point).substr(0, point.find(kSeparator));
}

// The snapshot of a point; empty if it has none that PostgreSQL could read.
std::string snapshot_of(const SyncPoint& point) {
  const auto space = point.find(kSeparator);
  if (space == std::string::npos) return {};
  std::string snapshot = point.substr(space + 1);
  return snapshot.find_first_not_of("0123456789:,") == std::string::npos ? snapshot : std::string();
}

}  // namespace

struct LinkChanges::Parts {
  explicit Parts(Options given) : options(std::move(given)) {}

  using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

  const Options options;
  Diagnostics diagnostics;  // outlives the connection
  Connection connection{nullptr, &PQfinish};
  SyncPoint point;
  bool reading = false;  // within a transaction, with a cursor

  void connect();
  Result run(const char* task, const std::string& sql, std::optional<std::string_view> parameter = {});
  void begin();
  void end();
};

void LinkChanges::Parts::connect() {
  if (connection && PQstatus(connection.get()) == CONNECTION_OK) return;
  reading = false;
  connection.reset(PQconnectdb(connection_string(options).c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    const std::string why = one_line(PQerrorMessage(connection.get()));
    connection.reset();
    throw Error(ErrorKind::unavailable, "08001", "", "could not connect to the database: " + why);
  }
  diagnostics.watch(connection.get());
  run("set up the session", session_settings(options));
  run("listen for changes of links", kListen);
}

// Text in, binary out. Of several statements, without a parameter, the last one's result.
Result LinkChanges::Parts::run(const char* task, const std::string& sql, std::optional<std::string_view> parameter) {
  diagnostics.clear();
  const bool several = sql.find(';') != std::string::npos;
  const std::string value(parameter.value_or(""));
  const std::array<const char*, 1> values{value.c_str()};
  Result result(several ? PQexec(connection.get(), sql.c_str())
                        : PQexecParams(connection.get(), sql.c_str(), parameter ? 1 : 0, nullptr, values.data(),
                                       nullptr, nullptr, 1));
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return result;
  const bool lost = PQstatus(connection.get()) != CONNECTION_OK || diagnostics.farewell();
  const Error error = diagnostics.error(task, lost);
  reading = false;
  connection.reset();  // whatever it was in the middle of
  throw error;
}

void LinkChanges::Parts::begin() {
  connect();
  end();
  run("begin to read links", kBegin);
  reading = true;
  const Result state = run("look at the database's state", kState);
  point = state.text(0, 0) + kSeparator + state.text(0, 1);
}

void LinkChanges::Parts::end() {
  if (reading) run("end reading links", "commit");
  reading = false;
}

LinkChanges::LinkChanges(Options options) : parts_(std::make_unique<Parts>(std::move(options))) {}
LinkChanges::~LinkChanges() = default;

bool LinkChanges::begin_changes(const SyncPoint& point) {
  const std::string snapshot = snapshot_of(point), database(database_of(point));  // before begin() moves our own point
  parts_->begin();
  if (snapshot.empty() || database != database_of(parts_->point)) return false;
  if (!parts_->run("look for lost changes", kTells, snapshot).boolean(0, 0)) return false;
  parts_->run("look for changes of links", kChanges, snapshot);
  return true;
}

void LinkChanges::begin_all() {
  parts_->begin();
  parts_->run("read all links", kAll);
}

bool LinkChanges::next(std::vector<SlugTarget>& part) {
  part.clear();
  if (!parts_->reading) return false;
  const Result rows = parts_->run("read links", "fetch " + std::to_string(kPart) + " from parts");
  for (int row = 0; row < rows.rows(); ++row) {
    auto& target = part.emplace_back();
    target.slug = rows.text(row, 0);
    if (rows.null(row, 3)) continue;
    target.account_id = rows.uuid(row, 1);
    target.link_id = rows.uuid(row, 2);
    target.url = rows.text(row, 3);
  }
  if (rows.rows() < kPart) parts_->end();
  return !part.empty();
}

const SyncPoint& LinkChanges::point() const {
  return parts_->point;
}

int LinkChanges::socket() const {
  return parts_->connection ? PQsocket(parts_->connection.get()) : -1;
}

bool LinkChanges::drain_hints() {
  PGconn* connection = parts_->connection.get();
  if (connection == nullptr) return false;
  bool any = PQconsumeInput(connection) != 1;
  while (PGnotify* hint = PQnotifies(connection)) {
    PQfreemem(hint);
    any = true;
  }
  if (PQstatus(connection) == CONNECTION_OK && !parts_->diagnostics.farewell()) return any;
  parts_->connection.reset();  // what is done next connects anew
  return true;
}

bool LinkChanges::prune(const SyncPoint& point) {
  const std::string snapshot = snapshot_of(point);
  if (snapshot.empty()) return true;
  parts_->connect();
  parts_->end();
  return parts_->run("throw away old changes of links", kPrune, snapshot).integer(0, 0) < kPruned;
}

}  // namespace db
