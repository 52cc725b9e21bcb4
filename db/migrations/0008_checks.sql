-- Checks: when each link is due, what each check saw, whose turn it is to ask a host, and the alerts that follow.

alter table plans add column checks_kept_days integer not null default 30 check (checks_kept_days between 1 and 400);
comment on column plans.checks_kept_days is
  'Days that checks are shown. They are dropped a day at a time, when no plan shows them any more.';
update plans set checks_kept_days = 7 where name = 'free';

-- --- when ----------------------------------------------------------------------------------------------------------
-- A row for each link, made and removed with it. To take a link for checking is to move its due_at ahead and to put
-- one's own `lease` into it: if its taker dies, it is due again by itself, and what is recorded under another lease than
-- the link has is dropped.
create table link_watch (
  account_id        uuid        not null,
  link_id           uuid        not null,
  due_at            timestamptz not null,
  urgency           smallint    not null check (urgency between 0 and 2),
  lease             uuid,
  requested_at      timestamptz,
  paused            boolean     not null default false,
  baseline_url      text        check (octet_length(baseline_url) between 1 and 8192),
  baseline_accepted boolean     not null default false,
  expected_host     text        collate "C" check (octet_length(expected_host) between 1 and 253),
  tag_parameter     text        collate "C" check (octet_length(tag_parameter) between 1 and 64),
  suspected_status  text        check (suspected_status in ('healthy', 'broken', 'redirected', 'slow')),
  suspected_mode    text        check (suspected_mode ~ '^[a-z0-9_]{1,32}$'),
  suspected_times   smallint    not null default 0,
  constraint link_watch_accepted_has_url check (baseline_url is not null or not baseline_accepted)
) with (fillfactor = 70);
create index link_watch_due on link_watch (urgency, due_at);
-- Made after that index: in a small table the planner takes the newer of two that seem equally good (migration 0002).
alter table link_watch add primary key (account_id, link_id),
  add foreign key (account_id, link_id) references links (account_id, id) on delete cascade;
comment on column link_watch.due_at is 'infinity: not until somebody asks.';
comment on column link_watch.urgency is '2: somebody asked for a check; 1: new or changed; 0: as its plan says.';
comment on column link_watch.requested_at is 'When somebody last asked for a check.';
comment on column link_watch.baseline_url is 'Where its last healthy check ended, or where a person said that it may.';
comment on column link_watch.suspected_status is
  'What the last checks saw instead of the link''s status, suspected_times in a row; not yet believed.';

create function watch_new_links() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  insert into link_watch (account_id, link_id, due_at, urgency) select account_id, id, now(), 1 from new_links;
  return null;
end $$;
create trigger links_added_watch after insert on links referencing new table as new_links
  for each statement execute function watch_new_links();

-- What was known of the old destination says nothing of the new one. What people expect of the link stays.
create function watch_changed_link() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  update link_watch
     set due_at = case when paused then due_at else now() end, urgency = 1, lease = null, baseline_url = null,
         baseline_accepted = false, suspected_status = null, suspected_mode = null, suspected_times = 0
   where (account_id, link_id) = (new.account_id, new.id);
  return null;
end $$;
create trigger links_changed_watch after update on links for each row
  when (old.url <> new.url) execute function watch_changed_link();

-- What people change of it is told like what they change of the link itself.
create function told_of_watch(watch link_watch) returns jsonb language sql immutable as $$
  select jsonb_build_object('paused', watch.paused, 'expected_host', watch.expected_host,
                            'tag_parameter', watch.tag_parameter, 'baseline_accepted', watch.baseline_accepted)
$$;

create function note_watch_change() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  perform add_event(new.account_id, 'link.monitoring_changed', new.link_id, told_of_link(link),
                    what_changed(told_of_watch(old), told_of_watch(new)))
     from links as link where (link.account_id, link.id) = (new.account_id, new.link_id);
  return null;
end $$;
create trigger link_watch_changed_event after update on link_watch for each row
  when ((old.paused, old.expected_host, old.tag_parameter, old.baseline_accepted) is distinct from
        (new.paused, new.expected_host, new.tag_parameter, new.baseline_accepted))
  execute function note_watch_change();

-- Links that are there already are spread over their plan's interval.
insert into link_watch (account_id, link_id, due_at, urgency)
select account_id, links.id, now() + random() * check_interval_s * interval '1 second', 0
  from links join accounts on accounts.id = account_id join plans on plans.name = plan;

-- --- what was seen -------------------------------------------------------------------------------------------------
-- A partition for each day, so that old checks are dropped with their table. Checks outlive their link until then, hence
-- no foreign key.
create table checks (
  account_id   uuid        not null,
  link_id      uuid        not null,
  checked_at   timestamptz not null,
  id           uuid        not null,
  outcome      text        not null check (outcome in ('conclusive', 'inconclusive', 'refused')),
  status       text        check (status in ('healthy', 'broken', 'redirected', 'slow')),
  failure_mode text        check (failure_mode ~ '^[a-z0-9_]{1,32}$'),
  confirmed    boolean     not null,
  final_url    text,
  http_status  integer,
  duration_ms  integer     not null,
  hops         json        not null,
  evidence     json        not null,
  primary key (account_id, link_id, checked_at, id)
) partition by range (checked_at);
comment on column checks.confirmed is 'Whether the link has had this status since this check, or had it already.';

-- As the schema's owner, because the monitor may not change the schema. Returns how many were made.
create function ensure_check_partitions(first_day date, last_day date) returns integer language plpgsql
  security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
  made integer := 0;
  partition text;
begin
  if last_day - first_day not between 0 and 400 then
    raise exception 'ensure_check_partitions: out of range' using errcode = '22023';
  end if;
  perform pg_advisory_xact_lock(hashtext('quietleaks check partitions'));
  for step in 0 .. last_day - first_day loop
    partition := 'checks_' || to_char(first_day + step, 'YYYYMMDD');
    if to_regclass(partition) is null then
      -- Made apart and then attached, so that nobody who reads checks has to wait.
      execute format('create table %I (like checks including all)', partition);
      execute format('alter table checks attach partition %I for values from (%L) to (%L)', partition,
                     (first_day + step)::timestamptz, (first_day + step + 1)::timestamptz);
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;

create function drop_old_check_partitions(most integer) returns integer language plpgsql
  security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
  dropped integer := 0;
  old regclass;
  longest integer := (select max(checks_kept_days) from plans);
begin
  perform pg_advisory_xact_lock(hashtext('quietleaks check partitions'));
  for old in
    select inhrelid::regclass from pg_inherits join pg_class on pg_class.oid = inhrelid
     where inhparent = 'checks'::regclass and relname ~ '^checks_\d{8}$'
       and to_date(substr(relname, 8), 'YYYYMMDD') < current_date - longest
     order by relname limit most
  loop
    execute format('drop table %s', old);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;
select ensure_check_partitions(((now() at time zone 'utc')::date - 1), ((now() at time zone 'utc')::date + 3));

-- --- alerts --------------------------------------------------------------------------------------------------------
-- An alert for each event that people have to be told of, written in the transaction of the event. Its id is the event's:
-- who is told twice can see it. Who sends them takes them from here.
create table alerts (
  account_id uuid        not null references accounts (id) on delete cascade,
  id         uuid        not null,
  event_seq  bigint      not null,
  link_id    uuid        not null,
  kind       text        not null check (kind in ('break', 'recovery')),
  check_id   uuid        not null,
  clicks_30d bigint      not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id)
);
comment on column alerts.check_id is 'What was seen. The check may be gone before the alert.';
comment on column alerts.clicks_30d is 'Of the link, at that moment.';

-- --- politeness ----------------------------------------------------------------------------------------------------
-- How each host is asked by all monitors together. Unlogged: after a crash of the server every host is just asked as if
-- it were new.
create unlogged table host_turns (
  host    text          collate "C" primary key,
  next_at timestamptz   not null,
  running timestamptz[] not null
) with (fillfactor = 70);
comment on column host_turns.next_at is 'Nobody begins a request before.';
comment on column host_turns.running is 'Requests under way: for each, when it counts as over if nobody says so before.';

-- For each host (each once) up to as many turns as wanted; `again_ms`: how soon it is of use to ask once more.
create function take_host_turns(wanted_hosts text[], wanted_counts integer[], per_host integer, gap interval, lasting interval)
  returns table (host text, granted integer, again_ms integer) language plpgsql as $$
declare
  wish record;
  known host_turns;
  moment timestamptz;
begin
  for wish in select * from unnest(wanted_hosts, wanted_counts) as given (host, count) order by given.host collate "C" loop
    insert into host_turns as turns values (wish.host, '-infinity', '{}') on conflict do nothing;
    select * into known from host_turns as turns where turns.host = wish.host for update;
    moment := clock_timestamp();
    known.running := array(select until from unnest(known.running) as until where until > moment);
    host := wish.host;
    granted := case when known.next_at > moment then 0
                    else least(wish.count, greatest(per_host - cardinality(known.running), 0)) end;
    if gap > interval '0' then granted := least(granted, 1); end if;
    if granted > 0 then
      known.next_at := moment + gap;
      known.running := known.running || array_fill(moment + lasting, array[granted]);
      update host_turns as turns set next_at = known.next_at, running = known.running where turns.host = wish.host;
    end if;
    -- Whoever gives a turn back does not say so to others: they look again soon.
    again_ms := greatest(least(extract(epoch from known.next_at - moment) * 1000, 60000),
                         case when cardinality(known.running) >= per_host then 50 else 0 end)::integer;
    return next;
  end loop;
end $$;

-- `block_until`: null, or what the host asked for (Retry-After).
create function give_back_host_turns(hosts text[], counts integer[], block_until timestamptz[]) returns void
  language plpgsql as $$
declare
  back record;
begin
  for back in select * from unnest(hosts, counts, block_until) as given (host, count, until) order by given.host collate "C" loop
    update host_turns as turns
       set running = running[1 + least(back.count, cardinality(running)) :],
           next_at = greatest(next_at, coalesce(back.until, next_at))
     where turns.host = back.host;
  end loop;
end $$;

drop function grant_roles();  -- what it did is in db/grants.sql, which every run of `quietleaks migrate` executes
