-- A key that was regenerated works on for its overlap, and is not regenerated once more meanwhile: nobody could tell
-- which of two successors counts, and the second would end with the overlap.

alter table api_keys add column replaced_at timestamptz;
comment on column api_keys.replaced_at is 'It was regenerated, and ends at expires_at.';
