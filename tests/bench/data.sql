-- The bench's data set, loaded by psql as superuser into a freshly migrated database.
--   -v million=0|1   whether account 1001, of a million links, is wanted
--   -v accounts=N    small accounts and all (1000; fewer for a quick look)
--   standard input   the keys: account number, digest in hex, last four characters, separated by tabs
-- Account 1 has 142 links, account 2 has 10,000, the others share the rest of 100,000. An account's rows lie together in the order of their creation, as an import leaves them.
\set ON_ERROR_STOP on
\timing off
begin;
set local session_replication_role = replica;  -- no triggers row by row; the counters are set at the end
set local synchronous_commit = off;

create function pg_temp.bench_uuid(kind text, number bigint) returns uuid language sql immutable
  return md5('bench ' || kind || number)::uuid;
create function pg_temp.pick(number bigint, choices bigint) returns bigint language sql immutable
  return (hashint8(number)::bigint & 2147483647) % choices;

-- 600 a minute is the most that a plan may have by default: with thousands of keys no request is refused.
insert into plans (name, api_access, requests_per_minute, check_interval_s, webhooks)
values ('bench', true, 600, 3600, true);

create temp table sizes on commit drop as
select number, pg_temp.bench_uuid('account', number) as account_id,
       case when number = 1 then 142
            when number = 2 then 10000
            when number = 1000 then 128
            when number = 1001 then 1000000
            else 90 end as links
  from generate_series(1, :accounts) as number
 union all select 1001, pg_temp.bench_uuid('account', 1001), 1000000 where :million = 1;

insert into accounts (id, name, plan) select account_id, 'Bench Account ' || number, 'bench' from sizes order by number;

create temp table new_links on commit drop as
select number, pg_temp.bench_uuid('link', number) as id, account, account_id, place, links
  from (select row_number() over (order by sizes.number, place) as number, sizes.number as account, account_id, place, links
          from sizes, generate_series(1, links) as place) as numbered;

-- Account 1 was clicked on every day, the others on every fourth, the million's on every fifteenth.
insert into link_clicks_daily (account_id, link_id, day, humans, bots)
select account_id, id, (now() at time zone 'utc')::date - age,
       1 + pg_temp.pick(number * 31 + age, 40), pg_temp.pick(number + age, 5)
  from new_links, generate_series(0, 29) as age
 where (number + age) % (case when account = 1 then 1 when account = 1001 then 15 else 4 end) = 0
 order by number, age;

create temp table clicked on commit drop as
select link_id as id, sum(humans) as clicks from link_clicks_daily group by link_id;

insert into links (account_id, id, created_at, last_checked_at, clicks_day, clicks_30d, status, label, url, slug, program, tags)
select new_links.account_id, new_links.id,
       date_trunc('second', now()) - (links - place) * (interval '400 days' / links) - interval '1 hour',
       case when number % 20000 > 2 then date_trunc('second', now()) - pg_temp.pick(number, 3600) * interval '1 second' end,
       (now() at time zone 'utc')::date, coalesce(clicks, 0),
       (array['healthy', 'healthy', 'healthy', 'healthy', 'broken', 'redirected', 'slow'])[1 + pg_temp.pick(number, 7)],
       (array['Best USB Microphone', 'Standing Desk Review', 'Trail Running Shoes', 'Espresso Machine Deal',
              'Noise Cancelling Headphones'])[1 + pg_temp.pick(number + 1, 5)] || case when number % 20000 = 1 then ' Zebra' else '' end || ' 2026 no. ' || place,
       (array['https://shareasale.com/r/product/', 'https://www.awin1.com/cread.php?awinmid=6798&awinaffid=',
              'https://impact.example.com/c/221/', 'https://www.amazon.com/dp/B0CXYZ1234?tag=publisher-20&linkId='
             ])[1 + pg_temp.pick(number + 2, 4)] || number,
       's' || lpad(to_hex(number * 2654435761 % 4294967296), 8, '0'),
       case when number % 20000 > 2 then (array['ShareASale', 'Awin', 'Impact', 'Amazon'])[1 + pg_temp.pick(number + 2, 4)] end,
       case when number % 20000 = 2 then '{rare}' when pg_temp.pick(number, 3) = 0 then array['review', 'evergreen'] else '{}' end
  from new_links left join clicked on clicked.id = new_links.id order by number;

insert into slugs (slug, account_id, link_id) select slug, account_id, id from links;

insert into account_counters (account_id, links_total) select account_id, links from sizes;
select relist_all_links();

-- What php/go.php works on.
create table php_links (slug text collate "C" primary key, url text not null, clicks bigint not null default 0);
insert into php_links (slug, url) select slug, url from links;
grant select, update on php_links to quietleaks_web;

create temp table new_keys (account integer, digest text, last_four text, id uuid default gen_random_uuid()) on commit drop;
\copy new_keys (account, digest, last_four) from pstdin
insert into api_keys (account_id, id, name, scope, last_four)
select account_id, id, 'bench', 'read', last_four from new_keys join sizes on number = account;
insert into api_key_hashes (hash, account_id, key_id)
select decode(digest, 'hex'), account_id, id from new_keys join sizes on number = account;
commit;
vacuum (analyze, freeze);
checkpoint;
