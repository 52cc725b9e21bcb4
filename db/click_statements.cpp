#include "db/click_statements.hpp"

#include "app/base/clock.hpp"

namespace db {

const Statement kCountingLock = {"ql_counting_lock", "wait for other writers of clicks", R"sql(
select case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', true) end,
       pg_advisory_xact_lock(hashtext('quietleaks clicks'))
)sql"};

const Statement kMovePositions = {"ql_move_positions", "move the journals' positions", R"sql(
with given as materialized (
  select segment, first, last
    from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as given (segment, first, last)
), begun as (
  insert into click_segments as known (segment, journal, position)
  select segment, $1::uuid, last from given where first = 0
      on conflict (segment) do update set position = excluded.position, updated_at = now() where known.position = 0
  returning 1
), moved as (
  update click_segments as known set position = last, journal = $1::uuid, updated_at = now()
    from given where known.segment = given.segment and known.position = first and first > 0
  returning 1
)
select (select count(*) from begun) + (select count(*) from moved)
)sql"};

// Accounts that are no more have clicks on the way too: those are kept as briefly as any.
const Statement kPinDays = {"ql_pin_days", "decide how long clicks are kept", R"sql(
with known as materialized (
  select given.account_id, given.day, pinned.keep_days
    from unnest($1::uuid[], $2::date[]) as given (account_id, day)
    left join click_days as pinned on pinned.account_id = given.account_id and pinned.day = given.day
), added as (
  insert into click_days (account_id, day, keep_days)
  select account_id, day,
         coalesce((select clicks_kept_days from plans join accounts on accounts.plan = plans.name
                    where accounts.id = known.account_id),
                  (select min(clicks_kept_days) from plans), 400)
    from known where keep_days is null
  returning account_id, day, keep_days
)
select account_id, day, keep_days from known where keep_days is not null
union all select account_id, day, keep_days from added
)sql"};

const Statement kEnsurePartitions = {"ql_ensure_partitions", "make partitions for clicks",
                                     "select ensure_click_partitions($1::bigint::integer, $2::date, $3::date)"};

// Day and keeping are literals: the plan then names one partition, while parameters would open and lock all of them.
std::string insert_clicks(DayNumber day, int keep_days) {
  const std::string date = "date '" + base::format_utc(std::int64_t{day} * 86400).substr(0, 10) + "'";
  const std::string keep = std::to_string(keep_days);
  return R"sql(
with added as (
  insert into clicks (account_id, link_id, day, keep_days, visitor, id, clicked_at, bot, unique_of_day, device, country,
                      referrer_host)
  select account_id, link_id, )sql" +
         date + ", " + keep + R"sql(, visitor, id, clicked_at, bot,
         first and not exists (
           select from clicks as earlier
            where earlier.account_id = given.account_id and earlier.link_id = given.link_id
              and earlier.visitor = given.visitor and not earlier.bot
              and earlier.day = )sql" +
         date + " and earlier.keep_days = " + keep + R"sql(),
         ('{other,desktop,mobile,tablet}'::click_device[])[device], country, referrer_host
    from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::timestamptz[], $6::boolean[], $7::boolean[],
                $8::integer[], $9::text[], $10::text[])
      as given (account_id, link_id, visitor, id, clicked_at, bot, first, device, country, referrer_host)
      on conflict do nothing
  returning account_id, link_id, bot, unique_of_day
)
select account_id, link_id, count(*) filter (where not bot), count(*) filter (where bot),
       count(*) filter (where unique_of_day)
  from added group by account_id, link_id
)sql";
}

// In one order for everyone who locks several.
const Statement kLockLinks = {"ql_lock_links", "lock links to count for", R"sql(
select link.account_id, link.id, $3::date between link.clicks_day and link.clicks_until is true
  from unnest($1::uuid[], $2::uuid[]) as given (account_id, link_id)
  join links as link on link.account_id = given.account_id and link.id = given.link_id
 order by link.account_id, link.id
   for no key update of link
)sql"};

const Statement kAddToDays = {"ql_add_to_days", "count clicks by day", R"sql(
with added as (
  insert into link_clicks_daily as daily (account_id, link_id, day, humans, bots, uniques)
  select * from unnest($1::uuid[], $2::uuid[], $3::date[], $4::bigint[], $5::bigint[], $6::bigint[])
      on conflict (account_id, link_id, day) do update
     set humans = daily.humans + excluded.humans, bots = daily.bots + excluded.bots,
         uniques = daily.uniques + excluded.uniques
  returning 1
)
select count(*) from added
)sql"};

// See db/migrations/0004_clicks.sql for what it means that a counter holds. Most do, and cost this one row version.
const Statement kAddToLinks = {"ql_add_to_links", "count clicks of 30 days", R"sql(
update links as link
   set clicks_30d = link.clicks_30d + given.humans, clicks_day = $5::date,
       clicks_until = least(link.clicks_until, given.until)
  from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::date[]) as given (account_id, link_id, humans, until)
 where link.account_id = given.account_id and link.id = given.link_id
   and $5::date between link.clicks_day and link.clicks_until
returning link.account_id, link.id
)sql"};

const Statement kSumLinks = {"ql_sum_links", "sum clicks of 30 days", R"sql(
with updated as (
  update links as link
     set clicks_30d = sums.humans, clicks_day = $3::date, clicks_until = coalesce(sums.until, 'infinity')
    from unnest($1::uuid[], $2::uuid[]) as given (account_id, link_id)
   cross join lateral (
         select coalesce(sum(daily.humans) filter (where daily.day <= $3::date), 0)::bigint as humans,
                least(min(daily.day) filter (where daily.day <= $3::date) + 29,
                      min(daily.day) filter (where daily.day > $3::date) - 1) as until
           from link_clicks_daily as daily
          where daily.account_id = given.account_id and daily.link_id = given.link_id
            and daily.day > $3::date - 30 and daily.humans > 0) as sums
   where link.account_id = given.account_id and link.id = given.link_id
  returning 1
)
select count(*) from updated
)sql"};

const Statement kEndedCounters = {"ql_ended_counters", "look for counters that have ended", R"sql(
(select account_id, id from links
  where clicks_until < $1::date and clicks_until is distinct from 'infinity'
  order by clicks_until limit $2::bigint)
union all
(select account_id, id from links
  where clicks_until is null and clicks_until is distinct from 'infinity' limit $2::bigint)
limit $2::bigint
)sql"};

const Statement kPositions = {"ql_positions", "read the journals' positions",
                              "select segment, position from click_segments "
                              "where journal = $1::uuid or segment = any ($2::uuid[])"};

const Statement kForgetSegments = {"ql_forget_segments", "forget journals that are gone", R"sql(
with gone as (
  delete from click_segments where journal = $1::uuid and segment = any ($2::uuid[]) returning 1
)
select count(*) from gone
)sql"};

const Statement kDropOldPartitions = {"ql_drop_old_partitions", "drop clicks that were kept long enough",
                                      "select drop_old_click_partitions($1::date, $2::bigint::integer)"};

const Statement kClicksByDay = {"ql_clicks_by_day", "read clicks by day", R"sql(
select step.day::date, coalesce(daily.humans, 0), coalesce(daily.bots, 0), coalesce(daily.uniques, 0)
  from links as link
 cross join generate_series($3::date::timestamp, $4::date::timestamp, interval '1 day') as step (day)
  left join link_clicks_daily as daily
         on daily.account_id = link.account_id and daily.link_id = link.id and daily.day = step.day::date
 where link.account_id = $1::uuid and link.id = $2::uuid
 order by step.day
)sql"};

}  // namespace db
