-- Managing links: what happened to them, and who did it; answers kept for repeated requests; how many links a plan allows.

alter table plans add column links_limit bigint check (links_limit >= 0);
comment on column plans.links_limit is 'Links that an account may have; null: any number.';
update plans set links_limit = 1000 where name = 'free';
update plans set links_limit = 10000 where name = 'pro';

-- Locks the account's counters, so that the answer holds until the transaction ends: who asks must have locked the links
-- and taken the slugs that the transaction needs, because others wait for the counters last.
create function links_room(account uuid) returns bigint language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  room bigint;
begin
  select coalesce(plans.links_limit, 9223372036854775807) - counter.links_total into room
    from account_counters as counter
    join accounts on accounts.id = counter.account_id
    join plans on plans.name = accounts.plan
   where counter.account_id = account
     for no key update of counter;
  return greatest(room, 0);
end $$;
comment on function links_room(uuid) is 'How many more links the account may have; null: no such account.';

-- A slug is looked up in `slugs` and shown from `links`; it is changed in `links`.
create function follow_slug() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update slugs set slug = new.slug where (account_id, link_id) = (new.account_id, new.id);
  return new;
end $$;
create trigger links_slug_changed before update of slug on links for each row
  when (old.slug <> new.slug) execute function follow_slug();

-- --- events --------------------------------------------------------------------------------------------------------
alter table account_counters add column events_seq bigint not null default 0;
comment on column account_counters.events_seq is 'The number of the account''s newest event; 0: none yet.';

-- What happened, for good. The row of account_counters that gives out `seq` stays locked until its transaction ends: so
-- seq is the order of commits, without gaps, and whoever has seen one number has seen all before it. Links and keys are
-- told of as they were, hence no foreign keys.
create table events (
  account_id uuid        not null references accounts (id) on delete cascade,
  seq        bigint      not null,
  id         uuid        not null default gen_random_uuid(),
  created_at timestamptz not null default clock_timestamp(),
  type       text        not null check (type ~ '^[a-z_]{1,32}[.][a-z_]{1,32}$'),
  link_id    uuid,
  actor_type text        not null check (actor_type in ('api_key', 'user', 'operator', 'monitor')),
  actor_id   uuid,
  actor_name text,
  request_id text,
  subject    jsonb       not null,
  changes    jsonb       not null default '{}',
  primary key (account_id, seq)
);
comment on column events.subject is 'The link right after the event (before it, if it was deleted), or the key.';
comment on column events.changes is '{"member": {"from": ..., "to": ...}, ...}';
create index events_by_type on events (account_id, type, seq);
create index events_by_link on events (account_id, link_id, seq) where link_id is not null;

create function refuse_to_change_events() returns trigger language plpgsql as $$
begin
  raise exception 'events are not changed' using errcode = '55000';
end $$;
create trigger events_are_immutable before update on events for each row execute function refuse_to_change_events();

-- The number before the first of `count` new ones; null: there is no such account (any more).
create function take_event_numbers(account uuid, count bigint) returns bigint language sql
  set search_path = public, pg_temp as $$
  update account_counters set events_seq = events_seq + count where account_id = account returning events_seq - count
$$;

-- Whoever writes says for whom, with quietleaks.actor_type, quietleaks.actor_id, quietleaks.actor_name and
-- quietleaks.request_id for the transaction. Who says nothing works in the database itself.
create function event_actor(out type text, out id uuid, out name text, out request_id text) language sql stable
  set search_path = public, pg_temp as $$
  select coalesce(said.type, case session_user when 'quietleaks_monitor' then 'monitor' else 'operator' end),
         nullif(current_setting('quietleaks.actor_id', true), '')::uuid,
         case when said.type is null then session_user
              else nullif(current_setting('quietleaks.actor_name', true), '') end,
         nullif(current_setting('quietleaks.request_id', true), '')
    from (select nullif(current_setting('quietleaks.actor_type', true), '') as type) as said
$$;

create function told_of_link(link links) returns jsonb language sql immutable as $$
  select jsonb_build_object('label', link.label, 'url', link.url, 'slug', link.slug, 'program', link.program,
                            'status', link.status, 'tags', to_jsonb(link.tags), 'fallback_url', link.fallback_url,
                            'failure_mode', link.failure_mode)
$$;

create function told_of_key(key api_keys) returns jsonb language sql immutable as $$
  select jsonb_build_object('id', key.id, 'name', key.name, 'scope', key.scope, 'last_four', key.last_four)
$$;

create function what_changed(before jsonb, after jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(key, jsonb_build_object('from', old.value, 'to', new.value)), '{}')
    from jsonb_each(before) as old join jsonb_each(after) as new using (key)
   where old.value <> new.value
$$;

create function add_event(account uuid, event_type text, link uuid, told jsonb, changed jsonb) returns void
  language sql set search_path = public, pg_temp as $$
  insert into events (account_id, seq, type, link_id, actor_type, actor_id, actor_name, request_id, subject, changes)
  select account, number.before + 1, event_type, link, actor.type, actor.id, actor.name, actor.request_id, told, changed
    from take_event_numbers(account, 1) as number (before), event_actor() as actor
   where number.before is not null
$$;

-- Any number of links at once, numbered in the order in which the statement handled them; accounts in the order of their
-- ids, as everywhere, so that none waits for another in a circle.
create function note_links() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  account uuid;
  links_told bigint;
  seq_before bigint;
begin
  for account, links_told in select account_id, count(*) from told group by account_id order by account_id loop
    seq_before := take_event_numbers(account, links_told);
    continue when seq_before is null;
    insert into events (account_id, seq, type, link_id, actor_type, actor_id, actor_name, request_id, subject)
    select account, seq_before + row_number() over (), tg_argv[0], link.id, actor.type, actor.id, actor.name,
           actor.request_id, told_of_link(link)
      from told as link, event_actor() as actor
     where link.account_id = account;
  end loop;
  return null;
end $$;
create trigger links_added_events after insert on links referencing new table as told
  for each statement execute function note_links('link.created');
create trigger links_removed_events after delete on links referencing old table as told
  for each statement execute function note_links('link.deleted');

-- Counting clicks updates links all the time and must not pay for looking at each of them: so a row that a reader of
-- events would care for says so, and only then is the statement looked at, once, with the accounts in order.
create function mark_link_change() returns trigger language plpgsql as $$
begin
  perform set_config('quietleaks.links_edited', 'yes', true);
  return null;
end $$;

create function note_link_changes() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  status_members constant text[] := array['status', 'failure_mode'];
  edit_members constant text[] := array['label', 'url', 'slug', 'program', 'tags', 'fallback_url'];
  change record;
begin
  if current_setting('quietleaks.links_edited', true) is distinct from 'yes' then return null; end if;
  for change in
    select after.account_id, after.id, told_of_link(before) as before, told_of_link(after) as after
      from links_before as before join links_after as after using (account_id, id)
     order by after.account_id, after.id
  loop
    if change.before - status_members <> change.after - status_members then
      perform add_event(change.account_id, 'link.updated', change.id, change.after,
                        what_changed(change.before - status_members, change.after - status_members));
    end if;
    if change.before -> 'status' <> change.after -> 'status' then
      perform add_event(change.account_id, 'link.status_changed', change.id, change.after,
                        what_changed(change.before - edit_members, change.after - edit_members));
    end if;
  end loop;
  perform set_config('quietleaks.links_edited', '', true);
  return null;
end $$;
create trigger links_changed_mark
  after update of label, url, slug, program, tags, fallback_url, status on links for each row
  when ((old.label, old.url, old.slug, old.program, old.tags, old.fallback_url, old.status)
        is distinct from (new.label, new.url, new.slug, new.program, new.tags, new.fallback_url, new.status))
  execute function mark_link_change();
create trigger links_changed_events after update on links
  referencing old table as links_before new table as links_after for each statement
  execute function note_link_changes();

create function note_key() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform add_event(new.account_id, tg_argv[0], null, told_of_key(new), '{}');
  return null;
end $$;
create trigger api_keys_added_event after insert on api_keys for each row execute function note_key('key.created');
create trigger api_keys_revoked_event after update of revoked_at on api_keys for each row
  when (old.revoked_at is null and new.revoked_at is not null) execute function note_key('key.revoked');

-- --- Idempotency-Key -----------------------------------------------------------------------------------------------
-- What a POST was answered, written in the transaction of what it did: either both are there or neither.
create table idempotent_answers (
  account_id      uuid        not null,
  key_id          uuid        not null,
  idempotency_key text        not null collate "C" check (octet_length(idempotency_key) between 1 and 255),
  request_digest  bytea       not null check (octet_length(request_digest) = 32),
  created_at      timestamptz not null default now(),
  status          integer     not null check (status between 200 and 499),
  headers         text        not null,
  body            text        not null,
  primary key (account_id, key_id, idempotency_key),
  foreign key (account_id, key_id) references api_keys (account_id, id) on delete cascade
);
comment on column idempotent_answers.request_digest is 'SHA-256 of what the client asked for.';
comment on column idempotent_answers.headers is 'Name: value, a line each.';
create index idempotent_answers_age on idempotent_answers (created_at);

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
