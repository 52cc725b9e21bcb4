// What the monitor does with checks; what people do with them is in checks_people.cpp.
#include "db/checks.hpp"

#include <map>
#include <utility>

#include "db/array.hpp"
#include "db/check_rows.hpp"
#include "db/link_statements.hpp"
#include "db/session.hpp"

namespace db {
namespace {

using Type = BinaryArray::Type;
using Key = std::pair<Uuid, Uuid>;  // account, link

// Each urgency by itself, so that each is an index scan that ends with its share.
const Statement kTakeDue = {"ql_take_due", "take links that are due", R"sql(
with due as materialized (
  select entry.account_id, entry.link_id, urgency
    from (values (2, $2::bigint), (1, ($2::bigint + 1) / 2), (0, ($2::bigint + 1) / 2)) as kind (urgency, most),
         lateral (select account_id, link_id from link_watch as watch
                   where watch.urgency = kind.urgency and watch.due_at <= now()
                   order by watch.due_at limit kind.most for update skip locked) as entry),
taken as (
  update link_watch as watch set lease = $1::uuid, due_at = now() + $3::bigint * interval '1 second'
    from due where (watch.account_id, watch.link_id) = (due.account_id, due.link_id)
  returning watch.*)
select taken.account_id, taken.link_id, link.url, link.program, link.status, plan.check_interval_s,
       link.last_checked_at is null, taken.paused, taken.baseline_url, taken.baseline_accepted, taken.expected_host,
       taken.tag_parameter, taken.suspected_status, taken.suspected_mode, taken.suspected_times::integer,
       null::timestamptz, taken.urgency = 2
  from taken join links as link on (link.account_id, link.id) = (taken.account_id, taken.link_id)
  join accounts as account on account.id = taken.account_id join plans as plan on plan.name = account.plan
 order by taken.urgency desc
)sql"};

// In the order in which everybody locks links: clicks, edits, other monitors.
const Statement kLockLinks = {"ql_lock_checked", "record checks", R"sql(
select account_id, id, status, clicks_30d from links
 where (account_id, id) in (select * from unnest($1::uuid[], $2::uuid[]))
 order by account_id, id for no key update
)sql"};

const Statement kMoveOn = {"ql_watch_on", "record checks", R"sql(
update link_watch as watch
   set lease = null, urgency = given.urgency,
       due_at = case when watch.paused then 'infinity' else clock_timestamp() + given.due_in_ms * interval '1 millisecond' end,
       suspected_status = given.suspected_status, suspected_mode = given.suspected_mode,
       suspected_times = given.suspected_times,
       baseline_url = case when watch.baseline_accepted then watch.baseline_url
                           else coalesce(given.baseline_url, watch.baseline_url) end
  from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::integer[], $6::text[], $7::text[], $8::integer[], $9::text[])
       as given (account_id, link_id, due_in_ms, urgency, suspected_status, suspected_mode, suspected_times, baseline_url)
 where (watch.account_id, watch.link_id) = (given.account_id, given.link_id) and watch.lease = $1::uuid
returning watch.account_id, watch.link_id
)sql"};

const Statement kKeep = {"ql_keep_checks", "record checks", R"sql(
insert into checks (account_id, link_id, id, checked_at, outcome, status, failure_mode, confirmed, final_url,
                    http_status, duration_ms, hops, evidence)
select account_id, link_id, id, clock_timestamp(), outcome, status, failure_mode, confirmed, final_url, http_status,
       duration_ms, hops::json, evidence::json
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[],
              $9::integer[], $10::integer[], $11::text[], $12::text[])
       as given (account_id, link_id, id, outcome, status, failure_mode, confirmed, final_url, http_status, duration_ms,
                 hops, evidence)
)sql"};

const Statement kBelieve = {"ql_believe_checks", "record checks", R"sql(
update links as link
   set last_checked_at = date_trunc('second', clock_timestamp()), status = coalesce(given.status, link.status),
       failure_mode = case when given.status is null then link.failure_mode else given.failure_mode end
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as given (account_id, link_id, status, failure_mode)
 where (link.account_id, link.id) = (given.account_id, given.link_id)
)sql"};

// Its event is the link's newest: the link is locked.
const Statement kAlert = {"ql_add_alerts", "record checks", R"sql(
insert into alerts (account_id, id, event_seq, link_id, kind, check_id, clicks_30d)
select given.account_id, event.id, event.seq, given.link_id, given.kind, given.check_id, given.clicks
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::bigint[])
       as given (account_id, link_id, kind, check_id, clicks),
       lateral (select id, seq from events where account_id = given.account_id and events.link_id = given.link_id
                 order by seq desc limit 1) as event
)sql"};

const Statement kPostpone = {"ql_postpone_checks", "postpone checks", R"sql(
update link_watch as watch
   set lease = null,
       due_at = case when watch.paused then 'infinity' else clock_timestamp() + given.due_in_ms * interval '1 millisecond' end
  from unnest($2::uuid[], $3::uuid[], $4::bigint[]) as given (account_id, link_id, due_in_ms)
 where (watch.account_id, watch.link_id) = (given.account_id, given.link_id) and watch.lease = $1::uuid
)sql"};

const Statement kBacklog = {"ql_due_backlog", "count links that are due", R"sql(
select count(*), coalesce(extract(epoch from now() - min(due.due_at)), 0)::bigint
  from (values (0), (1), (2)) as kind (urgency),
       lateral (select due_at from link_watch where link_watch.urgency = kind.urgency and due_at <= now()
                 order by due_at limit $1::bigint) as due
)sql"};

const Statement kEnsurePartitions = {"ql_ensure_check_partitions", "make partitions for checks", R"sql(
select ensure_check_partitions(today - 1, today + $1::bigint::integer)
  from (values ((now() at time zone 'utc')::date)) as day (today)
)sql"};

const Statement kDropPartitions = {"ql_drop_check_partitions", "drop old checks",
                                   "select drop_old_check_partitions($1::bigint::integer)"};

// Parallel arrays of one statement.
struct Columns {
  BinaryArray accounts{Type::uuid}, links{Type::uuid};

  void add(const CheckResult& result) {
    accounts.uuid(result.account_id);
    links.uuid(result.link_id);
  }
};

void add(BinaryArray& array, const std::optional<std::string>& text) {
  text ? array.text(*text) : array.null();
}

void add(BinaryArray& array, const std::optional<LinkStatus>& status) {
  status ? array.text(status_name(*status)) : array.null();
}

struct Before {
  LinkStatus status = LinkStatus::pending;
  std::int64_t clicks = 0;
};

// The links that are still there, locked.
std::map<Key, Before> lock(Session& session, std::span<const CheckResult> results) {
  Columns columns;
  for (const auto& result : results) columns.add(result);
  const Result rows = session.step(kLockLinks, Parameters().array(columns.accounts).array(columns.links));
  std::map<Key, Before> before;
  for (int row = 0; row < rows.rows(); ++row)
    before[{rows.uuid(row, 0), rows.uuid(row, 1)}] = {parse_status(rows.view(row, 2)), rows.integer(row, 3)};
  return before;
}

// Those that nobody else has taken meanwhile.
std::vector<const CheckResult*> move_on(Session& session, const Uuid& lease, std::span<const CheckResult> results) {
  Columns columns;
  BinaryArray due(Type::bigint), urgency(Type::integer), status(Type::text), mode(Type::text), times(Type::integer),
      baseline(Type::text);
  std::map<Key, const CheckResult*> given;
  for (const auto& result : results) {
    given[{result.account_id, result.link_id}] = &result;
    columns.add(result);
    due.bigint(result.due_in_ms);
    urgency.integer(result.suspected_status ? 1 : 0);
    add(status, result.suspected_status);
    add(mode, result.suspected_mode);
    times.integer(result.suspected_times);
    add(baseline, result.baseline_url);
  }
  Parameters parameters;
  parameters.uuid(lease).array(columns.accounts).array(columns.links).array(due).array(urgency);
  parameters.array(status).array(mode).array(times).array(baseline);
  const Result rows = session.step(kMoveOn, parameters);
  std::vector<const CheckResult*> ours;
  ours.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) ours.push_back(given.at({rows.uuid(row, 0), rows.uuid(row, 1)}));
  return ours;
}

void keep(Session& session, const std::vector<const CheckResult*>& results) {
  Columns columns;
  BinaryArray id(Type::uuid), outcome(Type::text), status(Type::text), mode(Type::text), confirmed(Type::boolean),
      final_url(Type::text), http_status(Type::integer), duration(Type::integer), hops(Type::text),
      evidence(Type::text);
  for (const auto* result : results) {
    const Check& check = result->check;
    columns.add(*result);
    id.uuid(check.id);
    outcome.text(check.outcome);
    add(status, check.status);
    add(mode, check.failure_mode);
    confirmed.boolean(check.confirmed);
    add(final_url, check.final_url);
    check.http_status ? http_status.integer(*check.http_status) : http_status.null();
    duration.integer(check.duration_ms);
    hops.text(check.hops);
    evidence.text(check.evidence);
  }
  Parameters parameters;
  parameters.array(columns.accounts).array(columns.links).array(id).array(outcome).array(status).array(mode);
  parameters.array(confirmed).array(final_url).array(http_status).array(duration).array(hops).array(evidence);
  session.step(kKeep, parameters);
}

void believe(Session& session, const std::vector<const CheckResult*>& results) {
  Columns columns;
  BinaryArray status(Type::text), mode(Type::text);
  for (const auto* result : results) {
    columns.add(*result);
    add(status, result->check.confirmed ? result->check.status : std::nullopt);
    add(mode, result->check.failure_mode);
  }
  session.step(kBelieve, Parameters().array(columns.accounts).array(columns.links).array(status).array(mode));
}

void alert(Session& session, const std::vector<const CheckResult*>& results, const std::map<Key, Before>& before) {
  Columns columns;
  BinaryArray kind(Type::text), check(Type::uuid), clicks(Type::bigint);
  bool any = false;
  for (const auto* result : results) {
    const auto& was = before.at({result->account_id, result->link_id});
    const bool broke = result->check.status == LinkStatus::broken, broken = was.status == LinkStatus::broken;
    if (!result->check.confirmed || !result->check.status || broke == broken) continue;
    if (!broke && !broken) continue;
    any = true;
    columns.add(*result);
    kind.text(broke ? "break" : "recovery");
    check.uuid(result->check.id);
    clicks.bigint(was.clicks);
  }
  if (any)
    session.step(kAlert,
                 Parameters().array(columns.accounts).array(columns.links).array(kind).array(check).array(clicks));
}

}  // namespace

std::vector<DueLink> Checks::take_due(const Uuid& lease, int most, int lasting_s) {
  std::vector<DueLink> links;
  session_.write("take links that are due", [&](soci::session&) {
    links.clear();
    const Result rows = session_.step(kTakeDue, Parameters().uuid(lease).integer(most).integer(lasting_s));
    for (int row = 0; row < rows.rows(); ++row)
      links.push_back({.account_id = rows.uuid(row, 0),
                       .link_id = rows.uuid(row, 1),
                       .url = rows.text(row, 2),
                       .program = rows.optional_text(row, 3),
                       .status = parse_status(rows.view(row, 4)),
                       .watch = parse_watch(rows, row, 7),
                       .interval_s = rows.integer32(row, 5),
                       .first = rows.boolean(row, 6),
                       .asked = rows.boolean(row, 16)});
  });
  return links;
}

int Checks::record(const Uuid& lease, std::span<const CheckResult> results) {
  int recorded = 0;
  if (results.empty()) return recorded;
  session_.write("record checks", [&](soci::session&) {
    const auto before = lock(session_, results);
    const auto ours = move_on(session_, lease, results);
    recorded = static_cast<int>(ours.size());
    if (ours.empty()) return;
    keep(session_, ours);
    believe(session_, ours);
    alert(session_, ours, before);
  });
  return recorded;
}

void Checks::postpone(const Uuid& lease, std::span<const Postponed> links) {
  if (links.empty()) return;
  BinaryArray accounts(Type::uuid), ids(Type::uuid), due(Type::bigint);
  for (const auto& link : links) {
    accounts.uuid(link.account_id);
    ids.uuid(link.link_id);
    due.bigint(link.due_in_ms);
  }
  session_.write("postpone checks", [&](soci::session&) {
    session_.step(kPostpone, Parameters().uuid(lease).array(accounts).array(ids).array(due));
  });
}

Checks::Backlog Checks::backlog(int most) {
  const Result row = session_.query(kBacklog, Parameters().integer(most));
  return {.links = row.integer(0, 0), .oldest_s = row.integer(0, 1)};
}

int Checks::ensure_partitions(int days_ahead) {
  return session_.query(kEnsurePartitions, Parameters().integer(days_ahead)).integer32(0, 0);
}

int Checks::drop_old_partitions(int most) {
  return session_.query(kDropPartitions, Parameters().integer(most)).integer32(0, 0);
}

}  // namespace db
