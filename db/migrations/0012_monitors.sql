-- The monitors that are at work, as each says of itself every few seconds: an operator sees that one stands still, or
-- reaches nobody, before it is seen from links.

create table monitors (
  id uuid primary key,
  host text not null check (char_length(host) between 1 and 255),
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  checks_per_minute bigint not null check (checks_per_minute >= 0),
  reaches_nobody_since timestamptz
);
comment on table monitors is 'Rows of processes that were killed stay for a day.';
