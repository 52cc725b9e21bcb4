-- Statuses, last checks and clicks of the 29 days before today for the demo accounts' links; today is left to visitors,
-- whose clicks are proved one by one. Pseudo-random but the same every time: all of it follows from a link's slug. The
-- reference's example gets exactly its values.

-- As everyone who writes counters does: no flush meanwhile.
select pg_advisory_xact_lock(hashtext('quietleaks clicks'));

create temporary table chosen on commit drop as
select link.account_id, link.id, link.slug, link.created_at,
       row_number() over newest as newness,
       get_byte(dice, 0) as health, get_byte(dice, 1) as cause, get_byte(dice, 2) as minute,
       get_byte(dice, 3) / 256.0 as popularity
  from links as link
  join accounts on accounts.id = link.account_id and accounts.name in ('Demo Agency', 'Other Agency')
 cross join decode(md5(link.slug), 'hex') as dice
window newest as (partition by link.account_id order by link.created_at desc, link.id desc);

-- The newest few wait for their first check; most of the rest are healthy.
update links as link
   set (status, failure_mode, last_checked_at) = (
     select case when chosen.slug = 'abc123' then 'healthy'
                 when newness <= 5 then 'pending'
                 when health < 176 then 'healthy'
                 when health < 202 then 'redirected'
                 when health < 238 then 'broken'
                 else 'slow' end,
            case when chosen.slug = 'abc123' or newness <= 5 or health < 176 then null
                 when health < 202 then 'moved'
                 when health < 238 then
                   (array['not_found', 'silent_redirect', 'tag_dropped', 'soft_404', 'out_of_stock', 'unreachable'])[cause % 6 + 1]
                 else 'slow' end,
            case when chosen.slug = 'abc123' then timestamptz '2026-04-27T08:00:00Z'
                 when newness > 5 then date_trunc('minute', now()) - minute % 60 * interval '1 minute' end)
  from chosen
 where (link.account_id, link.id) = (chosen.account_id, chosen.id);

-- A total for each link, few with many clicks and many with few, spread over the days by a weight for each. The running
-- sum is rounded, not the days, so that they add up to the total.
with totals as (
  select *, case when slug = 'abc123' then 847
                 when newness <= 5 then 0
                 else floor(3 * exp(7 * popularity * popularity))::bigint end as clicks
    from chosen
), days as (
  select account_id, id, clicks, day,
         70 + get_byte(decode(md5(slug || ago), 'hex'), 0) % 60 - case when extract(isodow from day) > 5 then 25 else 0 end
           as weight
    from totals
   cross join generate_series(1, 29) as ago
   cross join lateral (select (now() at time zone 'utc')::date - ago as day) as calendar
), running as (
  select account_id, id, day,
         round(clicks * sum(weight) over up_to / sum(weight) over whole) as so_far,
         round(clicks * (sum(weight) over up_to - weight) / sum(weight) over whole) as before
    from days
  window whole as (partition by account_id, id), up_to as (partition by account_id, id order by day)
)
insert into link_clicks_daily (account_id, link_id, day, humans, bots, uniques)
select account_id, id, day, humans, humans / 9, humans - humans / 6
  from running
 cross join lateral (select (so_far - before)::bigint as humans) as clicks_of_day
 where humans > 0;

update links as link
   set clicks_30d = coalesce((select sum(humans) from link_clicks_daily as daily
                               where (daily.account_id, daily.link_id) = (link.account_id, link.id)), 0),
       clicks_day = (now() at time zone 'utc')::date,
       clicks_until = (now() at time zone 'utc')::date
  from chosen
 where (link.account_id, link.id) = (chosen.account_id, chosen.id);

-- The shops of the demo do not exist: the monitor would only say so.
update link_watch set paused = true, due_at = 'infinity'
 where account_id in (select id from accounts where name in ('Demo Agency', 'Other Agency'));
