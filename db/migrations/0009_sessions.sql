-- People sign in: sessions, one-time links to choose a password, and how often a sign-in failed lately.

-- The session of a browser. What opens it is in session_hashes.
create table sessions (
  account_id   uuid        not null,
  id           uuid        not null default gen_random_uuid(),
  user_id      uuid        not null,
  user_agent   text        not null check (octet_length(user_agent) <= 250),
  remote_addr  text        not null check (octet_length(remote_addr) <= 64),
  created_at   timestamptz not null default date_trunc('second', now()),
  last_seen_at timestamptz not null default date_trunc('second', now()),
  expires_at   timestamptz not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references users (account_id, id) on delete cascade
) with (fillfactor = 80);
create index sessions_of_user on sessions (account_id, user_id);
create index sessions_over on sessions (expires_at);
comment on column sessions.last_seen_at is 'Moved at most once a minute, together with user_agent and remote_addr.';

-- Looked up by hash alone, before the account is known: hence a table of its own, like api_key_hashes.
create table session_hashes (
  hash       bytea primary key check (octet_length(hash) = 32),
  account_id uuid  not null,
  session_id uuid  not null,
  unique (account_id, session_id),
  foreign key (account_id, session_id) references sessions (account_id, id) on delete cascade
);
comment on column session_hashes.hash is 'SHA-256 of the cookie''s value, which itself is stored nowhere.';

-- One-time links. A user has one at most: a new one takes the place of the last.
create table password_resets (
  hash       bytea       primary key check (octet_length(hash) = 32),
  account_id uuid        not null,
  user_id    uuid        not null,
  expires_at timestamptz not null,
  unique (account_id, user_id),
  foreign key (account_id, user_id) references users (account_id, id) on delete cascade
);
comment on column password_resets.hash is 'SHA-256 of the link''s token, which itself is stored nowhere.';

-- Each attempt stands here twice, for its email and for its address, from before its password is looked at until that
-- turns out to be right. Of both only a hash: what people type is nobody's to keep.
create table sign_in_failures (
  subject   bytea       not null check (octet_length(subject) = 32),
  attempt   uuid        not null,
  failed_at timestamptz not null default clock_timestamp(),
  primary key (subject, attempt)
);
create index sign_in_failures_age on sign_in_failures (failed_at);
create index sign_in_failures_attempt on sign_in_failures (attempt);

-- The one way in which the web's role makes an account; what else it may do to accounts, grants.sql says.
create function sign_up_account(account_name text, account_plan text) returns uuid language sql
  security definer set search_path = public, pg_temp as $$
  insert into accounts (name, plan) values (account_name, account_plan) returning id
$$;

-- Who asks may now be a user as well, and no foreign key leads to either; what is older than a day goes anyway.
alter table idempotent_answers drop constraint idempotent_answers_account_id_key_id_fkey;
alter table idempotent_answers add constraint idempotent_answers_account_id_fkey
  foreign key (account_id) references accounts (id) on delete cascade;
comment on column idempotent_answers.key_id is 'The API key''s id, or the user''s.';
