-- Lists of links: filtered, sorted and searched, each from an index. What clicks and checks change all the time stands
-- in narrow tables of its own: an index on such a column of `links` would cost a new entry in every index of `links`.
create extension if not exists btree_gin;

-- --- in the order of what seldom changes ---------------------------------------------------------------------------
create index links_by_status on links (account_id, status, created_at desc, id desc);
create index links_by_program on links (account_id, coalesce(lower(program), ''), created_at desc, id desc);
create index links_by_label on links (account_id, lower(label) collate "C", id);

-- The primary key anew, behind these: in a small table the planner finds all of them equally good for a lookup by id, and
-- takes the one that was made last (see migration 0002).
alter table slugs drop constraint slugs_account_id_link_id_fkey;
alter table link_clicks_daily drop constraint link_clicks_daily_account_id_link_id_fkey;
alter table links drop constraint links_pkey, add primary key (account_id, id);
alter table slugs add foreign key (account_id, link_id) references links (account_id, id)
  on delete cascade deferrable initially deferred;
alter table link_clicks_daily add foreign key (account_id, link_id) references links (account_id, id) on delete cascade;

-- --- in the order of what changes often ----------------------------------------------------------------------------
-- Kept by triggers on links, whose old values say where the old entry stands: so no index by link is needed. An entry
-- says whether its link is of a status, a program, a tag, so that a list that is also of these reads no other links.
create table link_clicks_order (
  account_id uuid   not null,
  status     text   not null,
  clicks     bigint not null,
  link_id    uuid   not null,
  program    text   not null,
  tags       text[] not null
);
create index link_clicks_order_status on link_clicks_order (account_id, status, clicks, link_id);
alter table link_clicks_order add primary key (account_id, clicks, link_id);  -- behind it: see above
comment on table link_clicks_order is 'links.clicks_30d, in its order; program in lower case, empty: none.';

create table link_checks_order (
  account_id uuid        not null,
  status     text        not null,
  checked_at timestamptz not null,
  link_id    uuid        not null,
  program    text        not null,
  tags       text[]      not null
);
create index link_checks_order_status on link_checks_order (account_id, status, checked_at, link_id);
alter table link_checks_order add primary key (account_id, checked_at, link_id);
comment on table link_checks_order is 'links.last_checked_at, in its order; -infinity: never checked. Program likewise.';

create table link_tags (
  account_id uuid        not null,
  tag        text        not null collate "C",
  created_at timestamptz not null,
  link_id    uuid        not null,
  primary key (account_id, tag, created_at, link_id)
);
comment on table link_tags is 'links.tags, each tag once, with the link''s created_at.';

-- --- substrings ----------------------------------------------------------------------------------------------------
-- Only labels have letters beyond ASCII, of which the collation knows; for the others "C" is quicker.
create function link_text(label text, url text, slug text) returns text language sql immutable parallel safe as $$
  select lower(label collate "default") || e'\n' || (lower((url || e'\n' || slug) collate "C") collate "default")
$$;

-- Every three characters in a row, and the one and two at the end: so a text of one or two characters is the beginning
-- of one of these, which trigrams of pg_trgm cannot tell; nor do they know of punctuation.
-- Its cost makes the planner find matches by the index, whatever it thinks of their number.
create function text_grams(folded text) returns tsvector language plpgsql immutable parallel safe cost 10000 as $$
begin
  return array_to_tsvector(array_remove(string_to_array(
    regexp_replace(folded, '(...)', e'\\1\x01', 'g') || e'\x01' ||
    regexp_replace(substr(folded, 2), '(...)', e'\\1\x01', 'g') || e'\x01' ||
    regexp_replace(substr(folded, 3), '(...)', e'\\1\x01', 'g'), e'\x01'), ''));
end $$;

create function grams_query(folded text) returns tsquery language sql immutable parallel safe as $$
  select string_agg('''' || replace(replace(gram, '\', '\\'), '''', '''''') || '''' ||
                    case when length(gram) < 3 then ':*' else '' end, ' & ')::tsquery
    from (select distinct substr(folded, place, 3) as gram
            from generate_series(1, greatest(length(folded) - 2, 1)) as place) as grams
$$;

-- New links wait in the index's pending list, so that adding them costs less; searches read that list as well, so it is
-- kept short: whoever fills it empties it into the index.
create index links_grams on links using gin (account_id, text_grams(link_text(label, url, slug)))
  with (fastupdate = on, gin_pending_list_limit = 1024);

-- --- totals --------------------------------------------------------------------------------------------------------
create table link_facets (
  account_id uuid   not null references accounts (id) on delete cascade,
  kind       text   not null collate "C" check (kind in ('status', 'program', 'tag')),
  value      text   not null collate "C",
  links      bigint not null check (links >= 0),
  primary key (account_id, kind, value)
) with (fillfactor = 50);
comment on table link_facets is 'How many links have a status, a program (lower case; empty: none) or a tag.';

-- Whoever comes here has locked the account's row of account_counters: so nobody waits for these rows.
create function change_link_facets(account_ids uuid[], kinds text[], facet_values text[], added bigint[])
  returns void language plpgsql set search_path = public, pg_temp as $$
begin
  insert into link_facets as known (account_id, kind, value, links)
  select * from unnest(account_ids, kinds, facet_values, added) as change (account_id, kind, value, added)
   where change.added > 0
      on conflict (account_id, kind, value) do update set links = known.links + excluded.links;
  if exists (select from unnest(added) as one where one < 0) then
    update link_facets as known set links = known.links + change.added
      from unnest(account_ids, kinds, facet_values, added) as change (account_id, kind, value, added)
     where known.account_id = change.account_id and known.kind = change.kind and known.value = change.value
       and change.added < 0;
    delete from link_facets as known
     using unnest(account_ids, kinds, facet_values, added) as change (account_id, kind, value, added)
     where known.account_id = change.account_id and known.kind = change.kind and known.value = change.value
       and change.added < 0 and known.links = 0;
  end if;
end $$;

-- --- triggers ------------------------------------------------------------------------------------------------------
-- Their names come behind those of count_links, which locks the account. Plans are kept from the first time on, when the
-- tables may have been empty: hence the settings, and `offset 0`, which leave the index as the only way to a row.
create function list_new_links() returns trigger language plpgsql
  security definer set search_path = public, pg_temp set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  insert into link_clicks_order
  select account_id, status, clicks_30d, id, coalesce(lower(program), ''), tags from new_links;
  insert into link_checks_order
  select account_id, status, coalesce(last_checked_at, '-infinity'), id, coalesce(lower(program), ''), tags from new_links;
  insert into link_tags select distinct account_id, tag, created_at, id from new_links, unnest(tags) as tag;
  perform change_link_facets(array_agg(account_id), array_agg(kind), array_agg(value), array_agg(links))
     from (select account_id, 'status' as kind, status as value, count(*) as links from new_links group by 1, 3
           union all
           select account_id, 'program', coalesce(lower(program), ''), count(*) from new_links group by 1, 3
           union all
           select account_id, 'tag', tag, count(distinct id) from new_links, unnest(tags) as tag group by 1, 3) as facets;
  return null;
end $$;
create trigger links_added_lists after insert on links referencing new table as new_links
  for each statement execute function list_new_links();

create function unlist_links() returns trigger language plpgsql
  security definer set search_path = public, pg_temp set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  delete from link_clicks_order as entry
   using old_links as link,
         lateral (select ctid as place from link_clicks_order as listed
                   where (listed.account_id, listed.clicks, listed.link_id) = (link.account_id, link.clicks_30d, link.id) offset 0) as known
   where entry.ctid = known.place;
  delete from link_checks_order as entry
   using old_links as link,
         lateral (select ctid as place from link_checks_order as listed
                   where (listed.account_id, listed.checked_at, listed.link_id)
                         = (link.account_id, coalesce(link.last_checked_at, '-infinity'), link.id) offset 0) as known
   where entry.ctid = known.place;
  delete from link_tags as entry
   using (select distinct account_id, tag, created_at, id from old_links, unnest(tags) as tag) as link,
         lateral (select ctid as place from link_tags as listed
                   where (listed.account_id, listed.tag, listed.created_at, listed.link_id)
                         = (link.account_id, link.tag, link.created_at, link.id) offset 0) as known
   where entry.ctid = known.place;
  perform change_link_facets(array_agg(account_id), array_agg(kind), array_agg(value), array_agg(links))
     from (select account_id, 'status' as kind, status as value, -count(*) as links from old_links group by 1, 3
           union all
           select account_id, 'program', coalesce(lower(program), ''), -count(*) from old_links group by 1, 3
           union all
           select account_id, 'tag', tag, -count(distinct id) from old_links, unnest(tags) as tag group by 1, 3) as facets;
  return null;
end $$;
create trigger links_removed_lists after delete on links referencing old table as old_links
  for each statement execute function unlist_links();

-- Row by row: no other transaction comes to the entry of a link whose row it has not locked. Counting clicks comes here
-- all the time, and pays for this one entry.
create function relist_clicks() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  update link_clicks_order
     set status = new.status, clicks = new.clicks_30d, program = coalesce(lower(new.program), ''), tags = new.tags
   where (account_id, clicks, link_id) = (old.account_id, old.clicks_30d, old.id);
  return null;
end $$;
create trigger links_changed_clicks after update on links for each row
  when ((old.status, old.clicks_30d, old.program, old.tags) is distinct from
        (new.status, new.clicks_30d, new.program, new.tags))
  execute function relist_clicks();

create function relist_check() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  update link_checks_order
     set status = new.status, checked_at = coalesce(new.last_checked_at, '-infinity'),
         program = coalesce(lower(new.program), ''), tags = new.tags
   where (account_id, checked_at, link_id) = (old.account_id, coalesce(old.last_checked_at, '-infinity'), old.id);
  return null;
end $$;
create trigger links_changed_check after update on links for each row
  when ((old.status, old.last_checked_at, old.program, old.tags) is distinct from
        (new.status, new.last_checked_at, new.program, new.tags))
  execute function relist_check();

create function mark_relisting() returns trigger language plpgsql as $$
begin
  perform set_config('quietleaks.links_relisted', 'yes', true);
  return null;
end $$;
create trigger links_changed_listed
  after update of created_at, status, program, tags on links for each row
  when ((old.created_at, old.status, old.program, old.tags) is distinct from
        (new.created_at, new.status, new.program, new.tags))
  execute function mark_relisting();

create function relist_links() returns trigger language plpgsql
  security definer set search_path = public, pg_temp set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  if current_setting('quietleaks.links_relisted', true) is distinct from 'yes' then return null; end if;
  perform set_config('quietleaks.links_relisted', '', true);
  delete from link_tags as entry
   using (select account_id, tag, created_at, id from old_links, unnest(tags) as tag
          except select account_id, tag, created_at, id from new_links, unnest(tags) as tag) as link,
         lateral (select ctid as place from link_tags as listed
                   where (listed.account_id, listed.tag, listed.created_at, listed.link_id)
                         = (link.account_id, link.tag, link.created_at, link.id) offset 0) as known
   where entry.ctid = known.place;
  insert into link_tags
  select account_id, tag, created_at, id from new_links, unnest(tags) as tag
  except select account_id, tag, created_at, id from old_links, unnest(tags) as tag;
  perform change_link_facets(array_agg(account_id), array_agg(kind), array_agg(value), array_agg(links))
     from (select account_id, kind, value, sum(one)::bigint as links
             from (select account_id, 'status' as kind, status as value, 1 as one from new_links
                   union all select account_id, 'status', status, -1 from old_links
                   union all select account_id, 'program', coalesce(lower(program), ''), 1 from new_links
                   union all select account_id, 'program', coalesce(lower(program), ''), -1 from old_links
                   union all select account_id, 'tag', tag, 1
                               from (select distinct account_id, id, tag from new_links, unnest(tags) as tag) as tags
                   union all select account_id, 'tag', tag, -1
                               from (select distinct account_id, id, tag from old_links, unnest(tags) as tag) as tags
                  ) as both_sides
            group by 1, 2, 3 having sum(one) <> 0) as facets;
  return null;
end $$;
create trigger links_changed_lists after update on links
  referencing old table as old_links new table as new_links for each statement execute function relist_links();

-- --- what is there already -----------------------------------------------------------------------------------------
-- Also for whoever filled `links` without triggers. Nobody may change a link meanwhile.
create function relist_all_links() returns void language plpgsql set search_path = public, pg_temp as $$
begin
  lock table links in share row exclusive mode;
  truncate link_clicks_order, link_checks_order, link_tags, link_facets;
  insert into link_clicks_order
  select account_id, status, clicks_30d, id, coalesce(lower(program), ''), tags from links order by 1, 2, 3, 4;
  insert into link_checks_order
  select account_id, status, coalesce(last_checked_at, '-infinity'), id, coalesce(lower(program), ''), tags
    from links order by 1, 2, 3, 4;
  insert into link_tags select distinct account_id, tag, created_at, id from links, unnest(tags) as tag order by 1, 2, 3, 4;
  insert into link_facets
  select account_id, 'status', status, count(*) from links group by 1, 3
  union all select account_id, 'program', coalesce(lower(program), ''), count(*) from links group by 1, 3
  union all select account_id, 'tag', tag, count(*) from link_tags group by 1, 3;
end $$;
revoke execute on function relist_all_links() from public;
select relist_all_links();

-- --- rights --------------------------------------------------------------------------------------------------------
create or replace function grant_roles() returns void language plpgsql as $$
declare
  service text;
begin
  execute format('revoke temporary on database %I from public', current_database());
  revoke execute on function change_account_counters(uuid[], bigint[]) from public;
  revoke execute on function ensure_click_partitions(integer, date, date) from public;
  revoke execute on function drop_old_click_partitions(date, integer) from public;
  revoke execute on function links_room(uuid) from public;
  revoke execute on function change_link_facets(uuid[], text[], text[], bigint[]) from public;
  revoke execute on function relist_all_links() from public;
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
        grant select on clicks, click_days, events to quietleaks_web;
        grant select on link_clicks_order, link_checks_order, link_tags, link_facets to quietleaks_web;
        grant select, insert, update, delete on idempotent_answers to quietleaks_web;
        grant execute on function links_room(uuid) to quietleaks_web;
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
