-- Clicks: each one, counters by day, what lets the list's counter stay right over days; and what tells the redirect's
-- link map of changes.

alter table plans add column clicks_kept_days integer not null default 400 check (clicks_kept_days between 31 and 3650);
comment on column plans.clicks_kept_days is
  'Days that single clicks are kept; the counters by day are kept for good. A change applies to days to come.';
update plans set clicks_kept_days = 90 where name = 'free';
update plans set clicks_kept_days = 800 where name = 'agency';

alter table accounts add column fallback_url text check (octet_length(fallback_url) between 1 and 2048);
comment on column accounts.fallback_url is 'Where visitors of a broken link go that has no fallback of its own.';
alter table links add column fallback_url text check (octet_length(fallback_url) between 1 and 2048);

-- --- counters ------------------------------------------------------------------------------------------------------
alter table link_clicks_daily add column uniques bigint not null default 0 check (uniques >= 0);
-- A counter that stands in an index costs a new entry with every click, and room on its page makes an update stay there.
-- Nothing but this migration's clicks fills the table, so this is quick.
alter table link_clicks_daily drop constraint link_clicks_daily_pkey,
                              add primary key (account_id, link_id, day),
                              set (fillfactor = 70);
alter table links set (fillfactor = 85);

-- A counter holds from clicks_day until the first of its days leaves the window of 30, so most links of most days cost
-- nothing at midnight. Those written before this migration hold on their one day.
alter table links add column clicks_until date;
alter table links alter column clicks_until set default 'infinity';
comment on column links.clicks_until is
  'clicks_30d is right on every day from clicks_day to this one (null: on clicks_day alone); on others readers sum '
  'link_clicks_daily. Whoever writes there brings clicks_30d, clicks_day and clicks_until up to date in the same '
  'transaction.';
comment on column links.clicks_30d is 'Human clicks of a day and the 29 before it; see clicks_until for which days.';
create index links_clicks_until on links (clicks_until) where clicks_until is distinct from 'infinity';

-- --- clicks --------------------------------------------------------------------------------------------------------
create type click_device as enum ('other', 'desktop', 'mobile', 'tablet');

-- Nobody's address is in here: `visitor` is a keyed hash whose key is thrown away after its day (0: not known). A
-- partition for each time of keeping and day, so that old clicks are dropped with their table. `id` is the request's: a
-- retried request is one click. Clicks outlive their link, hence no foreign key.
create table clicks (
  account_id    uuid         not null,
  link_id       uuid         not null,
  day           date         not null,
  keep_days     integer      not null,
  visitor       bigint       not null,
  id            uuid         not null,
  clicked_at    timestamptz  not null,
  bot           boolean      not null,
  unique_of_day boolean      not null,
  device        click_device not null,
  country       text         check (country ~ '^[A-Z]{2}$'),
  referrer_host text         check (octet_length(referrer_host) between 1 and 52),
  primary key (account_id, link_id, day, keep_days, visitor, id)
) partition by list (keep_days);
comment on column clicks.unique_of_day is 'This visitor''s first click on this link that day, and no bot''s.';

-- How long an account's clicks of a day are kept: decided by the first of them, so that a change of plan in the middle of
-- a day cannot put the same click into two partitions.
create table click_days (
  account_id uuid    not null,
  day        date    not null,
  keep_days  integer not null,
  primary key (account_id, day)
);
create index click_days_kept on click_days (day, keep_days);

-- How far each journal segment has been counted, moved in the transaction that counts.
create table click_segments (
  segment    uuid        primary key,
  journal    uuid        not null,
  position   bigint      not null check (position >= 0),
  updated_at timestamptz not null default now()
);
comment on column click_segments.journal is
  'Whose files these are: the id of one state directory. Other hosts look after their own.';
comment on column click_segments.position is 'Records (not bytes) of the segment that are in `clicks`.';

-- As the schema's owner, because the service that counts may not change the schema. Partitions of the given time of
-- keeping for each day of a range, if they are missing. Returns how many were made.
create function ensure_click_partitions(keep integer, first_day date, last_day date) returns integer language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  made integer := 0;
  parent text := format('clicks_%sd', keep);
  partition text;
begin
  if keep not between 31 and 3650 or last_day - first_day not between 0 and 400 then
    raise exception 'ensure_click_partitions: out of range' using errcode = '22023';
  end if;
  -- Made apart and then attached: to make it as a partition would wait for everyone who reads clicks, and make all others
  -- wait behind itself.
  if to_regclass(parent) is null then
    execute format('create table %I (like clicks including all) partition by range (day)', parent);
    execute format('alter table clicks attach partition %I for values in (%s)', parent, keep);
  end if;
  for step in 0 .. last_day - first_day loop
    partition := format('%s_%s', parent, to_char(first_day + step, 'YYYYMMDD'));
    if to_regclass(partition) is null then
      execute format('create table %I (like %I including all)', partition, parent);
      execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, partition,
                     first_day + step, first_day + step + 1);
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;

-- Drops at most `most` partitions whose last day of keeping is over both by `today` and by this server's clock: neither
-- clock alone can throw clicks away. Returns how many were dropped.
create function drop_old_click_partitions(today date, most integer) returns integer language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  dropped integer := 0;
  old record;
  sure date := least(today, (now() at time zone 'utc')::date);
begin
  for old in
    select partition.oid::regclass as name, match[1]::integer as keep, to_date(match[2], 'YYYYMMDD') as day
      from pg_inherits as class
      join pg_inherits as tree on tree.inhparent = class.inhrelid
      join pg_class as partition on partition.oid = tree.inhrelid
     cross join regexp_match(partition.relname, '^clicks_(\d+)d_(\d{8})$') as match
     where class.inhparent = 'clicks'::regclass and match is not null
       and to_date(match[2], 'YYYYMMDD') < sure - match[1]::integer
     order by 3
     limit most
  loop
    execute format('drop table %s', old.name);
    delete from click_days where day = old.day and keep_days = old.keep;
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

-- --- the link map --------------------------------------------------------------------------------------------------
create view redirects as
  select slugs.slug, links.account_id, links.id as link_id,
         case when links.status = 'broken' then coalesce(links.fallback_url, accounts.fallback_url, links.url)
              else links.url end as url
    from slugs
    join links on (links.account_id, links.id) = (slugs.account_id, slugs.link_id)
    join accounts on accounts.id = links.account_id;
comment on view redirects is 'Where a slug''s visitors go now.';

-- Slugs whose redirect may have changed, with the transaction that did it. A reader keeps the snapshot up to which it
-- has read, and then asks for all that this snapshot could not see: unlike a sequence, that misses no transaction that
-- was slow to commit.
create table link_changes (
  xid  xid8        not null default pg_current_xact_id(),
  slug text        not null collate "C",
  at   timestamptz not null default now()
);
create index link_changes_xid on link_changes (xid);

-- Changes of transactions before this one have been thrown away: a reader whose snapshot is older reads all links anew.
create table link_changes_horizon (
  only_row boolean primary key default true check (only_row),
  pruned_before xid8 not null default '0',
  truncated_by  xid8 not null default '0'  -- a reader whose snapshot does not see this reads all links anew, too
);
insert into link_changes_horizon default values;

create function note_slugs() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op <> 'DELETE' then insert into link_changes (slug) select slug from new_slugs; end if;
  if tg_op <> 'INSERT' then insert into link_changes (slug) select slug from old_slugs; end if;
  perform pg_notify('ql_links', '');
  return null;
end $$;
create trigger slugs_added after insert on slugs referencing new table as new_slugs
  for each statement execute function note_slugs();
create trigger slugs_changed after update on slugs referencing old table as old_slugs new table as new_slugs
  for each statement execute function note_slugs();
create trigger slugs_removed after delete on slugs referencing old table as old_slugs
  for each statement execute function note_slugs();

-- For each row, because counting clicks updates links all the time and must not pay for this. By the link, not by its
-- slug column: the slugs table is what visitors are looked up in.
create function note_link() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into link_changes (slug) select slug from slugs where (account_id, link_id) = (new.account_id, new.id);
  perform pg_notify('ql_links', '');
  return null;
end $$;
create trigger links_target_changed after update of url, status, fallback_url on links for each row
  when (old.url <> new.url or (old.status = 'broken') <> (new.status = 'broken')
        or old.fallback_url is distinct from new.fallback_url)
  execute function note_link();

create function note_account_fallback() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  insert into link_changes (slug)
  select slugs.slug from links
    join slugs on (slugs.account_id, slugs.link_id) = (links.account_id, links.id)
   where links.account_id = new.id and links.status = 'broken' and links.fallback_url is null;
  perform pg_notify('ql_links', '');
  return null;
end $$;
create trigger accounts_fallback_changed after update of fallback_url on accounts for each row
  when (old.fallback_url is distinct from new.fallback_url)
  execute function note_account_fallback();

-- A TRUNCATE fires none of the above; whoever does it gets all maps read anew.
create function forget_link_changes() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  update link_changes_horizon set truncated_by = pg_current_xact_id();
  perform pg_notify('ql_links', '');
  return null;
end $$;
create trigger slugs_truncated after truncate on slugs for each statement execute function forget_link_changes();

-- --- rights --------------------------------------------------------------------------------------------------------
create or replace function grant_roles() returns void language plpgsql as $$
declare
  service text;
begin
  execute format('revoke temporary on database %I from public', current_database());
  revoke execute on function change_account_counters(uuid[], bigint[]) from public;
  revoke execute on function ensure_click_partitions(integer, date, date) from public;
  revoke execute on function drop_old_click_partitions(date, integer) from public;
  for service in select rolname from pg_roles where rolname in ('quietleaks_web', 'quietleaks_clicks', 'quietleaks_monitor')
  loop
    execute format('grant connect on database %I to %I', current_database(), service);
    execute format('grant usage on schema public to %I', service);
    execute format('grant select on plans, accounts, links, slugs, redirects, link_clicks_daily, account_counters, '
                   'schema_migrations to %I', service);
    case service
      when 'quietleaks_web' then
        grant select, insert, update, delete on api_keys, api_key_hashes, users to quietleaks_web;
        grant insert, update, delete on links, slugs to quietleaks_web;
        grant select on clicks, click_days to quietleaks_web;
      when 'quietleaks_clicks' then
        grant update (clicks_30d, clicks_day, clicks_until) on links to quietleaks_clicks;
        grant insert, update on link_clicks_daily to quietleaks_clicks;
        grant select, insert on clicks, click_days to quietleaks_clicks;
        grant select, insert, update, delete on click_segments to quietleaks_clicks;
        grant select, delete on link_changes to quietleaks_clicks;
        grant select, update on link_changes_horizon to quietleaks_clicks;
        grant execute on function ensure_click_partitions(integer, date, date) to quietleaks_clicks;
        grant execute on function drop_old_click_partitions(date, integer) to quietleaks_clicks;
      when 'quietleaks_monitor' then
        grant update (status, failure_mode, last_checked_at) on links to quietleaks_monitor;
    end case;
  end loop;
end $$;
