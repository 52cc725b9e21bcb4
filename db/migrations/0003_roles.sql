-- A role for each service, none of which may change the schema. They log in without a password of ours: by peer
-- authentication, or by whatever the operator sets up.

-- What each role may do. `migrate` calls it at its end, so that roles which the operator made by hand get their rights, too.
create function grant_roles() returns void language plpgsql as $$
declare
  service text;
begin
  execute format('revoke temporary on database %I from public', current_database());
  revoke execute on function change_account_counters(uuid[], bigint[]) from public;
  for service in select rolname from pg_roles where rolname in ('quietleaks_web', 'quietleaks_clicks', 'quietleaks_monitor')
  loop
    execute format('grant connect on database %I to %I', current_database(), service);
    execute format('grant usage on schema public to %I', service);
    execute format('grant select on plans, accounts, links, slugs, link_clicks_daily, account_counters, '
                   'schema_migrations to %I', service);
    case service
      when 'quietleaks_web' then
        grant select, insert, update, delete on api_keys, api_key_hashes, users to quietleaks_web;
        grant insert, update, delete on links, slugs to quietleaks_web;
      when 'quietleaks_clicks' then
        grant update (clicks_30d, clicks_day) on links to quietleaks_clicks;
        grant insert, update on link_clicks_daily to quietleaks_clicks;
      when 'quietleaks_monitor' then
        grant update (status, failure_mode, last_checked_at) on links to quietleaks_monitor;
    end case;
  end loop;
end $$;
revoke execute on function grant_roles() from public;

do $$
declare
  service text;
begin
  foreach service in array array['quietleaks_web', 'quietleaks_clicks', 'quietleaks_monitor'] loop
    begin
      if not exists (select from pg_roles where rolname = service) then
        execute format('create role %I login', service);
      end if;
    exception
      when insufficient_privilege then
        raise notice 'role % is missing and this user may not create roles: create it, then run "quietleaks migrate" again', service;
      when duplicate_object or unique_violation then
        null;  -- another migration in this cluster was quicker
    end;
  end loop;
end $$;
