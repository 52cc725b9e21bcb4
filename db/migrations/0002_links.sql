-- Links, their slugs and their clicks, and for each account a counter that makes the list's total and its ETag cheap.

create table links (
  account_id      uuid        not null references accounts (id) on delete cascade,
  id              uuid        not null default gen_random_uuid(),
  created_at      timestamptz not null default date_trunc('second', now()),
  last_checked_at timestamptz,
  clicks_30d      bigint      not null default 0 check (clicks_30d >= 0),
  clicks_day      date        not null default (now() at time zone 'utc')::date,
  status          text        not null default 'pending'
                              check (status in ('pending', 'healthy', 'broken', 'redirected', 'slow')),
  label           text        not null check (char_length(label) between 1 and 200),
  url             text        not null check (octet_length(url) between 1 and 2048),
  slug            text        not null collate "C" check (slug ~ '^[A-Za-z0-9_-]{1,64}$'),
  program         text        check (char_length(program) between 1 and 100),
  failure_mode    text        check (failure_mode ~ '^[a-z0-9_]{1,32}$'),
  tags            text[]      not null default '{}'
                              check (cardinality(tags) <= 50 and array_position(tags, null) is null)
);
comment on column links.clicks_30d is
  'Human clicks of clicks_day and the 29 days before it. Readers use it only on that very day and else sum '
  'link_clicks_daily; so whoever writes there brings both columns up to date in the same transaction.';

-- The list's order. It alone decides which rows a page holds, so deep pages skip rows without reading them.
create index links_newest_first on links (account_id, created_at desc, id desc);
-- Made after that index, and for a reason: while the table is small, the planner finds both equally good for a lookup by
-- (account_id, id) and takes the newer one. The other would read all of the account's entries, and foreign keys keep
-- their first plan: importing a million links into a new database took ever longer for each row.
alter table links add primary key (account_id, id);

-- Global, because a visitor brings nothing but the slug.
create table slugs (
  slug       text collate "C" primary key check (slug ~ '^[A-Za-z0-9_-]{1,64}$'),
  account_id uuid not null,
  link_id    uuid not null,
  unique (account_id, link_id),
  foreign key (account_id, link_id) references links (account_id, id)
    on delete cascade deferrable initially deferred  -- an import takes the slugs first, then adds their links
);

create table link_clicks_daily (
  account_id uuid   not null,
  link_id    uuid   not null,
  day        date   not null,
  humans     bigint not null default 0 check (humans >= 0),
  bots       bigint not null default 0 check (bots >= 0),
  primary key (account_id, link_id, day) include (humans),
  foreign key (account_id, link_id) references links (account_id, id) on delete cascade
);

create table account_counters (
  account_id    uuid   primary key references accounts (id) on delete cascade,
  links_total   bigint not null default 0 check (links_total >= 0),
  links_version uuid   not null default gen_random_uuid()
) with (fillfactor = 50);  -- updated with every change to a link: room for HOT updates
comment on table account_counters is
  'Kept by triggers on links, in the transaction of the change: any snapshot sees both or neither.';

create function add_account_counter() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  insert into account_counters (account_id) values (new.id);
  return null;
end $$;
create trigger accounts_counter after insert on accounts for each row execute function add_account_counter();
insert into account_counters (account_id) select id from accounts;

-- Once a statement, whatever its size. The counters are locked in the order of account_id, so that statements which
-- touch several accounts cannot deadlock. As their owner: the services themselves may not write the counters.
create function count_links() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    perform change_account_counters(array_agg(account_id), array_agg(added))
      from (select account_id, count(*) as added from new_links group by account_id) as changes;
  elsif tg_op = 'DELETE' then
    perform change_account_counters(array_agg(account_id), array_agg(added))
      from (select account_id, -count(*) as added from old_links group by account_id) as changes;
  else
    perform change_account_counters(array_agg(account_id), array_agg(added))
      from (select account_id, sum(one)::bigint as added
              from (select account_id, 1 as one from new_links union all select account_id, -1 from old_links) as both_sides
             group by account_id) as changes;
  end if;
  return null;
end $$;

create function change_account_counters(accounts_changed uuid[], links_added bigint[]) returns void language plpgsql
  set search_path = public, pg_temp as $$
begin
  perform from account_counters where account_id = any (accounts_changed) order by account_id for no key update;
  update account_counters as counter
     set links_total = counter.links_total + change.added, links_version = gen_random_uuid()
    from unnest(accounts_changed, links_added) as change (account_id, added)
   where counter.account_id = change.account_id;
end $$;

create trigger links_added after insert on links referencing new table as new_links
  for each statement execute function count_links();
create trigger links_changed after update on links referencing old table as old_links new table as new_links
  for each statement execute function count_links();
create trigger links_removed after delete on links referencing old table as old_links
  for each statement execute function count_links();
