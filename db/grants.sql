-- The rights of the services' roles, given anew at the end of every `quietleaks migrate`: roles may have been made since.
-- Everything else was never given to them.
do $$
declare
  service text;
begin
  execute format('revoke temporary on database %I from public', current_database());
  revoke execute on function change_account_counters(uuid[], bigint[]) from public;
  revoke execute on function ensure_click_partitions(integer, date, date) from public;
  revoke execute on function drop_old_click_partitions(date, integer) from public;
  revoke execute on function ensure_check_partitions(date, date) from public;
  revoke execute on function drop_old_check_partitions(integer) from public;
  revoke execute on function links_room(uuid) from public;
  revoke execute on function sign_up_account(text, text) from public;
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
        grant select on clicks, click_days, events, checks, link_watch to quietleaks_web;
        grant select on link_clicks_order, link_checks_order, link_tags, link_facets to quietleaks_web;
        grant select, insert, update, delete on idempotent_answers to quietleaks_web;
        grant select on programs, program_hosts, monitors to quietleaks_web;
        grant update (due_at, urgency, lease, requested_at, paused, baseline_url, baseline_accepted, expected_host,
                      tag_parameter, suspected_status, suspected_mode, suspected_times) on link_watch to quietleaks_web;
        grant execute on function links_room(uuid) to quietleaks_web;
        grant select, insert, update, delete on sessions, session_hashes, password_resets, sign_in_failures
          to quietleaks_web;
        grant update (fallback_url) on accounts to quietleaks_web;
        grant execute on function sign_up_account(text, text) to quietleaks_web;
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
        grant select, update on link_watch to quietleaks_monitor;
        grant select, insert on checks, alerts to quietleaks_monitor;
        grant select (account_id, seq, id, link_id) on events to quietleaks_monitor;
        grant select on programs, program_hosts to quietleaks_monitor;
        grant select, insert, update, delete on host_turns, monitors to quietleaks_monitor;
        grant execute on function ensure_check_partitions(date, date) to quietleaks_monitor;
        grant execute on function drop_old_check_partitions(integer) to quietleaks_monitor;
    end case;
  end loop;
end $$;
