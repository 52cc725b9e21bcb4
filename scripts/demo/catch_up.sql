-- On a later day: moves the demo accounts' clicks along with the calendar, so that they end yesterday again and their
-- numbers are what they were. What visitors did on earlier days is taken out: it would be in the way of what is moved.

-- As everyone who writes counters does: no flush meanwhile.
select pg_advisory_xact_lock(hashtext('quietleaks clicks'));

create temporary table demo on commit drop as
select id, (now() at time zone 'utc')::date as today from accounts where name in ('Demo Agency', 'Other Agency');

-- Days with single clicks are visitors', the others the demo's.
create temporary table visited on commit drop as
select click_days.* from click_days join demo on demo.id = account_id where day < today;

create temporary table moved on commit drop as
select daily.*, today - 1 - max(day) over () as days
  from link_clicks_daily as daily
  join demo on demo.id = account_id
 where day < today and (account_id, day) not in (select account_id, day from visited);

delete from link_clicks_daily using demo
 where account_id = demo.id and day < today
   and exists (select from moved where days > 0);
delete from clicks using visited
 where (clicks.account_id, clicks.day, clicks.keep_days) = (visited.account_id, visited.day, visited.keep_days)
   and exists (select from moved where days > 0);
delete from click_days using visited
 where (click_days.account_id, click_days.day) = (visited.account_id, visited.day)
   and exists (select from moved where days > 0);
insert into link_clicks_daily (account_id, link_id, day, humans, bots, uniques)
select account_id, link_id, day + days, humans, bots, uniques from moved where days > 0;

update links as link
   set clicks_30d = (select coalesce(sum(humans), 0) from link_clicks_daily as daily
                      where (daily.account_id, daily.link_id) = (link.account_id, link.id)
                        and day between today - 29 and today),
       clicks_day = today, clicks_until = today
  from demo
 where demo.id = link.account_id and exists (select from moved where days > 0);
