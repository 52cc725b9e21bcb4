#include "db/monitors.hpp"

#include "db/session.hpp"

namespace db {
namespace {

const Statement kReport = {"ql_report_monitor", "report a monitor", R"sql(
insert into monitors as known (id, host, checks_per_minute, reaches_nobody_since)
values ($1::uuid, $2::text, $3::bigint, case when $4::boolean then clock_timestamp() end)
on conflict (id) do update
   set seen_at = clock_timestamp(), checks_per_minute = excluded.checks_per_minute,
       reaches_nobody_since = case when $4::boolean then coalesce(known.reaches_nobody_since, clock_timestamp()) end
returning id
)sql"};

const Statement kEnd = {"ql_end_monitor", "end a monitor", R"sql(
delete from monitors where id = $1::uuid returning id
)sql"};

const Statement kForget = {"ql_forget_monitors", "forget monitors", R"sql(
delete from monitors where seen_at < clock_timestamp() - interval '1 day' returning id
)sql"};

const Statement kAtWork = {"ql_monitors", "list monitors", R"sql(
select host, checks_per_minute, extract(epoch from clock_timestamp() - reaches_nobody_since)::bigint
  from monitors where seen_at > clock_timestamp() - interval '1 minute' order by host, id
)sql"};

}  // namespace

void Monitors::report(const Uuid& id, const MonitorReport& report) {
  session_.query(
      kReport,
      Parameters().uuid(id).text(report.host).integer(report.checks_per_minute).boolean(report.reaches_nobody));
}

void Monitors::end(const Uuid& id) {
  session_.query(kEnd, Parameters().uuid(id));
}

int Monitors::forget_old() {
  return session_.query(kForget, Parameters()).rows();
}

std::vector<MonitorAtWork> Monitors::at_work() {
  const Result rows = session_.query(kAtWork, Parameters());
  std::vector<MonitorAtWork> monitors;
  monitors.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row)
    monitors.push_back({.host = rows.text(row, 0),
                        .checks_per_minute = rows.integer(row, 1),
                        .reaches_nobody_s = rows.null(row, 2) ? std::nullopt : std::optional(rows.integer(row, 2))});
  return monitors;
}

}  // namespace db
