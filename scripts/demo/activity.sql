-- Statuses, last checks and clicks of the 29 days before today for the demo accounts' links; today is left to visitors,
-- whose clicks are proved one by one. Pseudo-random but the same every time: all of it follows from a link's slug. The
-- reference's example gets exactly its values.

-- As everyone who writes counters does: no flush meanwhile.
select pg_advisory_xact_lock(hashtext('quietleaks clicks'));

-- The shops of the demo do not exist: the monitor would only say so.
update link_watch set due_at = 'infinity'
 where account_id in (select id from accounts where name in ('Demo Agency', 'Other Agency'));

create temporary table chosen on commit drop as
select link.account_id, link.id, link.slug, link.created_at,
       row_number() over newest as newness,
       get_byte(dice, 0) as health, get_byte(dice, 1) as cause, get_byte(dice, 2) as minute,
       get_byte(dice, 3) / 256.0 as popularity,
       -- What is not healthy has not been so for as long; checks.sql tells the same.
       get_byte(dice, 5) % 6 * interval '1 day' + case when get_byte(dice, 5) % 6 > 0 then get_byte(dice, 4) * interval '1 second'
                                                       else interval '0' end as age
  from links as link
  join accounts on accounts.id = link.account_id and accounts.name in ('Demo Agency', 'Other Agency')
 cross join decode(md5(link.slug), 'hex') as dice
window newest as (partition by link.account_id order by link.created_at desc, link.id desc);

create temporary table statuses on commit drop as
select *, case when slug = 'abc123' then timestamptz '2026-04-27T08:00:00Z'
               else date_trunc('minute', now()) - minute % 60 * interval '1 minute' end as last_checked_at,
       (case when slug = 'abc123' or health < 176 then 'healthy' when health < 202 then 'redirected' when health < 238 then 'broken'
             else 'slow' end)::text as status,
       case when slug = 'abc123' or health < 176 then null
            when health < 202 then 'moved'
            when health < 238 then
              (array['not_found', 'silent_redirect', 'tag_dropped', 'soft_404', 'out_of_stock', 'unreachable'])[cause % 6 + 1]
            else 'slow' end as failure_mode
  from chosen where newness > 5;

-- The newest few wait for their first check; the others were healthy, and some are so no more, one after the other: events
-- are numbered in the order in which they come to be.
select set_config('quietleaks.actor_type', 'monitor', true);
update links as link set (status, last_checked_at) = ('healthy', statuses.last_checked_at)
  from statuses where (link.account_id, link.id) = (statuses.account_id, statuses.id);
do $$
declare one record;
begin
  for one in select * from statuses where status <> 'healthy' order by last_checked_at - age loop
    update links set (status, failure_mode) = (one.status, one.failure_mode) where (account_id, id) = (one.account_id, one.id);
  end loop;
end $$;
select set_config('quietleaks.actor_type', '', true);

-- All of it happened when the history says. Only here may events be changed: nobody has read them yet.
alter table events disable trigger events_are_immutable;
update events as event
   set created_at = case when event.type = 'link.created' then chosen.created_at
                         when event.subject ->> 'status' = 'healthy' then date_trunc('hour', now()) - interval '8 days'
                         else statuses.last_checked_at - chosen.age end
  from chosen left join statuses using (account_id, id)
 where (event.account_id, event.link_id) = (chosen.account_id, chosen.id);
alter table events enable trigger events_are_immutable;
update accounts set created_at = (select min(created_at) - interval '1 day' from links where account_id = accounts.id)
 where name in ('Demo Agency', 'Other Agency');

-- As people pause links.
update link_watch set paused = true
 where (account_id, link_id) in (select account_id, id from links where label = 'Website Builder');

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
