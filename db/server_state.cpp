#include "db/server_state.hpp"

#include <functional>
#include <memory>
#include <string_view>

#include <libpq-fe.h>

#include "db/connection.hpp"
#include "db/diagnostics.hpp"
#include "db/error.hpp"

namespace db {
namespace {

// has_table_privilege fails on a table that is not there, so each is looked for first.
constexpr const char* kQuery = R"sql(
select current_setting('server_version'),
       current_setting('server_version_num'),
       pg_is_in_recovery(),
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
       extract(epoch from clock_timestamp())::bigint,
       current_user,
       has_schema_privilege('public', 'create'),
       (select count(*) = 2 and bool_and(has_table_privilege(oid, 'select'))
          from pg_class where oid in (to_regclass('public.links'), to_regclass('public.api_key_hashes'))),
       (select count(*) > 0 from pg_roles where rolname = 'quietleaks_web'),
       (select coalesce(bool_or(has_schema_privilege(oid, 'public', 'create')), false)
          from pg_roles where rolname = 'quietleaks_web')
)sql";

enum Column {
  version,
  version_number,
  standby,
  max_connections,
  clock,
  user,
  may_create,
  may_read,
  web,
  web_may_create
};

ServerState read_row(const PGresult* row) {
  const auto text = [row](Column column) { return std::string(PQgetvalue(row, 0, column)); };
  const auto flag = [&](Column column) { return text(column) == "t"; };
  return {.version = text(version),
          .version_number = std::stoi(text(version_number)),
          .standby = flag(standby),
          .max_connections = std::stoi(text(max_connections)),
          .clock = std::stoll(text(clock)),
          .user = text(user),
          .user_may_create = flag(may_create),
          .user_may_read = flag(may_read),
          .web_role = flag(web),
          .web_role_may_create = flag(web_may_create)};
}

constexpr const char* kCountingRights = R"sql(
select current_user, has_schema_privilege('public', 'create'),
       concat_ws(', ',
         (select string_agg(privilege || ' on ' || name, ', ')
            from (values ('select', '{plans,accounts,links,slugs,redirects,link_clicks_daily,clicks,click_days}'::text[]),
                         ('select', '{click_segments,link_changes,link_changes_horizon}'),
                         ('insert', '{link_clicks_daily,clicks,click_days,click_segments}'),
                         ('update', '{link_clicks_daily,click_segments,link_changes_horizon}'),
                         ('delete', '{click_segments,link_changes}')) as needed (privilege, names),
                 unnest(names) as name
           where not has_table_privilege('public.' || name, privilege)),
         (select string_agg('update of links.' || name, ', ')
            from unnest('{clicks_30d,clicks_day,clicks_until}'::text[]) as name
           where not has_column_privilege('public.links', name, 'update')),
         (select string_agg('execute on ' || name, ', ')
            from unnest('{ensure_click_partitions(integer\,date\,date),drop_old_click_partitions(date\,integer)}'::text[])
              as name
           where not has_function_privilege('public.' || name, 'execute')))
)sql";

using RowReader = std::function<void(const PGresult*)>;

void ask(const Options& options, const char* query, const RowReader& read) {
  Diagnostics diagnostics;  // outlives the connection that it watches
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(connection_string(options).c_str()),
                                                                &PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK)
    throw Error(ErrorKind::unavailable, "08001", "",
                "could not connect to the database: " + one_line(PQerrorMessage(connection.get())));
  diagnostics.watch(connection.get());
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), query), &PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK)
    throw diagnostics.error("look at the server", PQstatus(connection.get()) != CONNECTION_OK);
  read(result.get());
}

}  // namespace

ServerState server_state(const Options& options) {
  ServerState state;
  ask(options, kQuery, [&](const PGresult* row) { state = read_row(row); });
  return state;
}

CountingRights counting_rights(const Options& options) {
  CountingRights rights;
  ask(options, kCountingRights, [&](const PGresult* row) {
    rights = {.user = PQgetvalue(row, 0, 0),
              .may_create = std::string_view(PQgetvalue(row, 0, 1)) == "t",
              .missing = PQgetvalue(row, 0, 2)};
  });
  return rights;
}

}  // namespace db
