-- Whoever makes an account of their own takes no name that another has in other letters: an operator reads names in
-- lists, and types them. Operators themselves may.

create or replace function sign_up_account(account_name text, account_plan text) returns uuid language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  made uuid;
begin
  perform pg_advisory_xact_lock(hashtext('quietleaks sign up'));
  if exists (select from accounts where lower(name) = lower(account_name)) then
    raise unique_violation using constraint = 'accounts_name_key', message = 'there is an account of this name';
  end if;
  insert into accounts (name, plan) values (account_name, account_plan) returning id into made;
  return made;
end
$$;
