// The proof of the counters: a count of what they count. Days are proved as far as clicks are kept: those that
// click_days knows; a partition is dropped together with its entries there.
#include <algorithm>
#include <map>

#include "app/base/clock.hpp"
#include "db/click_statements.hpp"
#include "db/click_totals.hpp"
#include "db/clicks.hpp"
#include "db/session.hpp"

namespace db {
namespace {

const Statement kSteadySnapshot = {"ql_steady_snapshot", "begin a recount",
                                   "set transaction isolation level repeatable read"};

const Statement kNextLinks = {"ql_next_links", "read links to recount", R"sql(
select id from links
 where account_id = $1::uuid and id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000')
 order by id limit $3::bigint
)sql"};

// Days whose counters are not what their clicks add up to: stored and counted humans, bots, uniques.
const Statement kWrongDays = {"ql_wrong_days", "recount clicks by day", R"sql(
select link_id, day, coalesce(stored.humans, 0), coalesce(counted.humans, 0), coalesce(stored.bots, 0),
       coalesce(counted.bots, 0), coalesce(stored.uniques, 0), coalesce(counted.uniques, 0)
  from (select link_id, day, humans, bots, uniques
          from link_clicks_daily
         where account_id = $1::uuid and link_id = any ($2::uuid[])
           and day in (select day from click_days where account_id = $1::uuid)) as stored
  full join
       (select link_id, day, count(*) filter (where not bot) as humans, count(*) filter (where bot) as bots,
               count(distinct visitor) filter (where not bot and visitor <> 0) as uniques
          from clicks where account_id = $1::uuid and link_id = any ($2::uuid[])
         group by link_id, day) as counted
 using (link_id, day)
 where (stored.humans, stored.bots, stored.uniques) is distinct from (counted.humans, counted.bots, counted.uniques)
 order by link_id, day
)sql"};

// Counters that hold on today but are wrong today, or claim to hold on a day on which they will be wrong.
const Statement kWrongWindows = {"ql_wrong_windows", "recount clicks of 30 days", R"sql(
select link.id, checked.day, link.clicks_30d, actual.humans
  from links as link
 cross join lateral (
       select least(min(day) filter (where day <= $3::date) + 30, min(day) filter (where day > $3::date)) as day
         from link_clicks_daily as daily
        where daily.account_id = link.account_id and daily.link_id = link.id and day > $3::date - 30
          and humans > 0) as next_change
 cross join lateral (
       select $3::date as day where $3::date between link.clicks_day and coalesce(link.clicks_until, link.clicks_day)
       union all
       select next_change.day where next_change.day between link.clicks_day and link.clicks_until
                                and $3::date between link.clicks_day and link.clicks_until) as checked
 cross join lateral (
       select coalesce(sum(humans), 0)::bigint as humans from link_clicks_daily as daily
        where daily.account_id = link.account_id and daily.link_id = link.id
          and daily.day between checked.day - 29 and checked.day) as actual
 where link.account_id = $1::uuid and link.id = any ($2::uuid[]) and actual.humans <> link.clicks_30d
 order by link.id, checked.day
)sql"};

const Statement kStoreDays = {"ql_store_days", "store recounted clicks", R"sql(
with stored as (
  insert into link_clicks_daily as daily (account_id, link_id, day, humans, bots, uniques)
  select $1::uuid, * from unnest($2::uuid[], $3::date[], $4::bigint[], $5::bigint[], $6::bigint[])
      on conflict (account_id, link_id, day) do update
     set humans = excluded.humans, bots = excluded.bots, uniques = excluded.uniques
  returning 1
)
select count(*) from stored
)sql"};

std::string date(DayNumber day) {
  return base::format_utc(std::int64_t{day} * 86400).substr(0, 10);
}

// One chunk of one account's links, within one transaction.
class Recounting {
 public:
  Recounting(Session& session, const Uuid& account_id, DayNumber today)
      : session_(session), account_id_(account_id), today_(today) {}

  void choose(const std::optional<Uuid>& after, int most, bool lock);
  void days(bool fix);
  void windows(bool fix);

  Clicks::Recount take() { return std::move(found_); }

 private:
  Parameters chosen() const {
    Parameters parameters;
    parameters.uuid(account_id_).array(links_);
    return parameters;
  }
  void compare(const Uuid& link, std::string what, std::int64_t stored, std::int64_t counted) {
    if (stored != counted) found_.miscounts.push_back({account_id_, link, std::move(what), stored, counted});
  }
  void store_days(const Result& wrong);

  Session& session_;
  const Uuid account_id_;
  const DayNumber today_;
  BinaryArray links_{BinaryArray::Type::uuid};
  LockedLinks locked_;
  Clicks::Recount found_;
};

void Recounting::choose(const std::optional<Uuid>& after, int most, bool lock) {
  Parameters parameters;
  parameters.uuid(account_id_).uuid(after).integer(most);
  const Result rows = session_.step(kNextLinks, parameters);
  std::map<AccountLink, std::int64_t> chosen;
  for (int row = 0; row < rows.rows(); ++row) {
    links_.uuid(rows.uuid(row, 0));
    chosen[{account_id_, rows.uuid(row, 0)}] = 0;
  }
  found_.links = rows.rows();
  if (rows.rows() == most) found_.last = rows.uuid(most - 1, 0);
  if (lock) locked_ = lock_links(session_, chosen, today_);
}

void Recounting::days(bool fix) {
  const Result wrong = session_.step(kWrongDays, chosen());
  for (int row = 0; row < wrong.rows(); ++row) {
    const auto link = wrong.uuid(row, 0);
    const auto of_day = " of " + date(wrong.day(row, 1));
    compare(link, "humans" + of_day, wrong.integer(row, 2), wrong.integer(row, 3));
    compare(link, "bots" + of_day, wrong.integer(row, 4), wrong.integer(row, 5));
    compare(link, "uniques" + of_day, wrong.integer(row, 6), wrong.integer(row, 7));
  }
  if (fix && wrong.rows() > 0) store_days(wrong);
}

void Recounting::store_days(const Result& wrong) {
  using Type = BinaryArray::Type;
  BinaryArray links(Type::uuid), days(Type::date), humans(Type::bigint), bots(Type::bigint), uniques(Type::bigint);
  for (int row = 0; row < wrong.rows(); ++row) {
    if (!locked_.contains({account_id_, wrong.uuid(row, 0)})) continue;  // deleted since
    links.uuid(wrong.uuid(row, 0));
    days.day(wrong.day(row, 1));
    humans.bigint(wrong.integer(row, 3));
    bots.bigint(wrong.integer(row, 5));
    uniques.bigint(wrong.integer(row, 7));
  }
  Parameters parameters;
  parameters.uuid(account_id_).array(links).array(days).array(humans).array(bots).array(uniques);
  session_.step(kStoreDays, parameters);
}

void Recounting::windows(bool fix) {
  auto parameters = chosen();
  const Result wrong = session_.step(kWrongWindows, parameters.day(today_));
  LockedLinks to_fix;
  for (int row = 0; row < wrong.rows(); ++row) {
    const auto day = wrong.day(row, 1);
    compare(wrong.uuid(row, 0), day == today_ ? "clicks_30d" : "clicks_30d on " + date(day), wrong.integer(row, 2),
            wrong.integer(row, 3));
    to_fix[{account_id_, wrong.uuid(row, 0)}] = false;
  }
  if (fix && !to_fix.empty()) sum_window(session_, to_fix, today_);
}

}  // namespace

Clicks::Recount Clicks::recount(const Uuid& account_id, const std::optional<Uuid>& after, int most, DayNumber today,
                                bool fix) {
  Recount found;
  session_.write("recount clicks", [&](soci::session&) {
    Recounting recounting(session_, account_id, today);
    session_.step(fix ? kCountingLock : kSteadySnapshot, {});
    recounting.choose(after, most, fix);
    recounting.days(fix);
    recounting.windows(fix);
    found = recounting.take();
  });
  return found;
}

}  // namespace db
