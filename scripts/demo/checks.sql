-- Checks of the demo's links, as a monitor would have left them: a week of daily ones, healthy until what the link's status
-- says, with the chain that led there. The shops are invented, and so is what they answered.
select ensure_check_partitions((now() at time zone 'utc')::date - 7, (now() at time zone 'utc')::date + 3);

create temporary table chosen on commit drop as
select link.account_id, link.id, link.url, link.status, link.failure_mode, link.last_checked_at,
       get_byte(dice, 4) as pace, get_byte(dice, 5) % 6 as broken_days, shop,
       split_part(shop, '/', 1) || '//' || split_part(shop, '/', 3) || '/' as home,
       shop || case when shop like '%?%' then '&' else '?' end || 'aff_id=quietreviews' as tagged
  from links as link
  join accounts on accounts.id = link.account_id and accounts.name in ('Demo Agency', 'Other Agency')
 cross join decode(md5(link.slug), 'hex') as dice
 cross join lateral (select coalesce(replace(replace(substring(link.url from '[?&]url=([^&]+)'), '%3A', ':'), '%2F', '/'),
                                     link.url) as shop) as destination
 where link.last_checked_at > now() - interval '2 days';

create temporary table seen on commit drop as
-- The last one, a week of daily ones before it, and before a change was believed, two that said the same.
select chosen.*, checked_at, case when told then status else 'healthy' end as saw, case when told then failure_mode end as mode, true as confirmed
  from chosen
 cross join generate_series(0, 6) as days
 cross join lateral (select last_checked_at - days * interval '1 day' - case when days > 0 then pace else 0 end * interval '1 second'
                              as checked_at, days <= broken_days as told) as daily
union all
select chosen.*, last_checked_at - broken_days * interval '1 day' - (case when broken_days > 0 then pace else 0 end + seconds) * interval '1 second',
       status, failure_mode, false
  from chosen, unnest(array[30, 60]) as seconds
 where status <> 'healthy' and failure_mode <> 'not_found';

-- Every way is the affiliate network, a counting page of the shop, and where it ends; `fault` is the hop to blame.
create temporary table told on commit drop as
select seen.*, home || 'out?to=' || md5(id::text) as counter,
       case mode when 'silent_redirect' then home when 'tag_dropped' then shop when 'moved' then home || 'p/new' else tagged end as ending,
       case mode when 'not_found' then 404 when 'unreachable' then null else 200 end as answer,
       case when mode in ('silent_redirect', 'tag_dropped', 'moved') then 1 when mode is not null then 2 end as fault,
       case mode when 'not_found' then 'The page answers 404.'
                 when 'silent_redirect' then 'The shop sends on to its homepage instead of the product.'
                 when 'tag_dropped' then 'This redirect lost the parameter aff_id.'
                 when 'soft_404' then 'The page says that the product does not exist.'
                 when 'out_of_stock' then 'The page says that the product cannot be bought.'
                 when 'unreachable' then 'The server did not answer.'
                 when 'moved' then 'A permanent redirect to another page of the product.'
                 when 'slow' then 'The page took more than 3 seconds.'
                 else 'The product''s page, with the affiliate parameter.' end as summary,
       case mode when 'soft_404' then 'This item is no longer available' when 'out_of_stock' then '"availability": "OutOfStock"'
                 when 'unreachable' then 'connection timed out' else '' end as detail,
       case mode when 'slow' then 3900 when 'unreachable' then 10000 else 180 end + pace as last_ms
  from seen;

insert into checks (account_id, link_id, checked_at, id, outcome, status, failure_mode, confirmed, final_url, http_status,
                    duration_ms, hops, evidence)
select account_id, id, checked_at, gen_random_uuid(), 'conclusive', saw, mode, confirmed,
       case when answer is not null then ending end, answer, last_ms + 75 + pace,
       json_build_array(
         json_build_object('url', url, 'http_status', 302, 'kind', 'http', 'location', counter, 'duration_ms', 30 + pace / 4),
         json_build_object('url', counter, 'http_status', case mode when 'moved' then 301 else 302 end, 'kind', 'http',
                           'location', ending, 'duration_ms', 45 + pace / 3),
         json_build_object('url', ending, 'http_status', answer, 'kind', 'http', 'location', null, 'duration_ms', last_ms)),
       json_build_object('summary', summary, 'hop', fault, 'detail', detail)
  from told;

-- What the last healthy one told the monitor to expect.
update link_watch as watch
   set baseline_url = well.final_url
  from (select distinct on (account_id, link_id) account_id, link_id, final_url from checks
         where status = 'healthy' order by account_id, link_id, checked_at desc) as well
 where (watch.account_id, watch.link_id) = (well.account_id, well.link_id);
