-- Who may use the service: plans, accounts, users, API keys. Every tenant table has account_id first in its primary key,
-- so that the schema can be sharded by account. Times that the API shows are kept in whole seconds.

create table plans (
  name                text    primary key check (name ~ '^[a-z][a-z0-9_-]{0,31}$'),
  api_access          boolean not null,
  requests_per_minute integer not null check (requests_per_minute between 1 and 100000),
  check_interval_s    integer not null check (check_interval_s between 60 and 2592000),
  webhooks            boolean not null
);
comment on table plans is 'The operator''s to change; every worker hears of a change within a second.';
comment on column plans.requests_per_minute is 'For each key. Workers serve at most rate_limit.max_requests_per_minute of their settings.';

insert into plans (name, api_access, requests_per_minute, check_interval_s, webhooks) values
  ('free',   false, 120, 86400, false),
  ('pro',    false, 120, 21600, true),
  ('agency', true,  120, 3600,  true);

create table accounts (
  id         uuid        primary key default gen_random_uuid(),
  name       text        not null unique check (char_length(name) between 1 and 200),
  plan       text        not null default 'free' references plans (name) on update cascade,
  created_at timestamptz not null default date_trunc('second', now()),
  -- Operators name an account by its name or its id: neither may be taken for another's.
  constraint accounts_name_is_no_id check (name !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  constraint accounts_name_is_plain check (name = btrim(name) and name !~ '[\u0001-\u001f\u007f]')
);

create table users (
  account_id    uuid        not null references accounts (id) on delete cascade,
  id            uuid        not null default gen_random_uuid(),
  email         text        not null check (char_length(email) between 3 and 254 and email ~ '^[^@\s]+@[^@\s]+$'),
  password_hash text        check (char_length(password_hash) <= 255),
  created_at    timestamptz not null default date_trunc('second', now()),
  primary key (account_id, id)
);
create unique index users_email_key on users (lower(email));

create table api_keys (
  account_id   uuid        not null references accounts (id) on delete cascade,
  id           uuid        not null default gen_random_uuid(),
  name         text        not null check (char_length(name) between 1 and 200),
  scope        text        not null check (scope in ('read', 'write')),
  last_four    text        not null check (last_four ~ '^[A-Za-z0-9]{4}$'),
  created_at   timestamptz not null default date_trunc('second', now()),
  last_used_at timestamptz,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  primary key (account_id, id)
);

-- Looked up by hash alone, before the account is known: hence a table of its own.
create table api_key_hashes (
  hash       bytea primary key check (octet_length(hash) = 32),
  account_id uuid  not null,
  key_id     uuid  not null,
  unique (account_id, key_id),
  foreign key (account_id, key_id) references api_keys (account_id, id) on delete cascade
);
comment on column api_key_hashes.hash is 'SHA-256 of the secret, which itself is stored nowhere.';

-- Workers cache keys and plans; this tells them to forget. last_used_at changes nothing that they cache.
create function notify_key_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('ql_keys', '');
  return null;
end $$;

create trigger api_keys_changed after insert or delete or update of account_id, id, scope, expires_at, revoked_at on api_keys
  for each statement execute function notify_key_change();
create trigger api_key_hashes_changed after insert or update or delete on api_key_hashes
  for each statement execute function notify_key_change();
create trigger accounts_plan_changed after delete or update of id, plan on accounts
  for each statement execute function notify_key_change();
create trigger plans_changed after insert or update or delete on plans
  for each statement execute function notify_key_change();
