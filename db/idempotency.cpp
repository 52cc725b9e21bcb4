#include "db/idempotency.hpp"

#include "db/session.hpp"

namespace db {
namespace {

// By a hash of 64 bits: two words that share one would only have to wait for each other.
const Statement kTake = {"ql_idempotency_take", "take an idempotency key", R"sql(
select pg_try_advisory_xact_lock(hashtextextended($2::uuid::text || $3::text, hashtextextended($1::uuid::text, 0)))
)sql"};

const Statement kFind = {"ql_idempotency_find", "look up an idempotency key", R"sql(
select request_digest, status, headers, body from idempotent_answers
 where account_id = $1::uuid and key_id = $2::uuid and idempotency_key = $3::text
   and created_at > now() - interval '24 hours'
)sql"};

const Statement kStore = {"ql_idempotency_store", "keep an answer", R"sql(
insert into idempotent_answers (account_id, key_id, idempotency_key, request_digest, status, headers, body)
values ($1::uuid, $2::uuid, $3::text, $4::bytea, $5::bigint, $6::text, $7::text)
    on conflict (account_id, key_id, idempotency_key) do update
   set request_digest = excluded.request_digest, created_at = excluded.created_at, status = excluded.status,
       headers = excluded.headers, body = excluded.body
)sql"};

// More than come in with one request, so that they do not pile up; those that others are clearing are left to them.
const Statement kClear = {"ql_idempotency_clear", "clear away old answers", R"sql(
delete from idempotent_answers
 where (account_id, key_id, idempotency_key) in (
       select account_id, key_id, idempotency_key from idempotent_answers
        where created_at < now() - interval '24 hours'
        order by created_at limit 5
          for update skip locked)
)sql"};

Parameters parameters_of(const IdempotencyKey& key) {
  Parameters parameters;
  return parameters.uuid(key.account_id).uuid(key.key_id).text(key.word);
}

}  // namespace

bool Idempotency::take(const IdempotencyKey& key) {
  return session_.query(kTake, parameters_of(key)).boolean(0, 0);
}

std::optional<StoredAnswer> Idempotency::find(const IdempotencyKey& key) {
  const Result result = session_.query(kFind, parameters_of(key));
  if (result.rows() == 0) return std::nullopt;
  return StoredAnswer{.request_digest = result.digest(0, 0),
                      .status = result.integer32(0, 1),
                      .headers = result.text(0, 2),
                      .body = result.text(0, 3)};
}

void Idempotency::store(const IdempotencyKey& key, const StoredAnswer& answer) {
  auto parameters = parameters_of(key);
  session_.query(kStore,
                 parameters.bytes(answer.request_digest).integer(answer.status).text(answer.headers).text(answer.body));
  session_.query(kClear, {});
}

}  // namespace db
