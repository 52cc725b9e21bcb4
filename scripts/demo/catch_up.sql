-- On a later day: moves the demo accounts' clicks along with the calendar, so that the demo's last day is today again and
-- its numbers stay what they were.

create temporary table moved on commit drop as
select daily.*, (now() at time zone 'utc')::date - max(day) over () as days
  from link_clicks_daily as daily
  join accounts on accounts.id = daily.account_id and accounts.name in ('Demo Agency', 'Other Agency');

delete from link_clicks_daily using moved
 where moved.days > 0
   and (link_clicks_daily.account_id, link_clicks_daily.link_id, link_clicks_daily.day)
     = (moved.account_id, moved.link_id, moved.day);
insert into link_clicks_daily (account_id, link_id, day, humans, bots)
select account_id, link_id, day + days, humans, bots from moved where days > 0;

update links as link
   set clicks_30d = (select coalesce(sum(humans), 0) from link_clicks_daily as daily
                      where (daily.account_id, daily.link_id) = (link.account_id, link.id)
                        and day > (now() at time zone 'utc')::date - 30),
       clicks_day = (now() at time zone 'utc')::date
  from accounts
 where accounts.id = link.account_id and accounts.name in ('Demo Agency', 'Other Agency')
   and exists (select from moved where days > 0);
