#include "db/keys.hpp"

#include <soci/soci.h>

#include "app/base/ids.hpp"
#include "app/base/text.hpp"
#include "db/array.hpp"
#include "db/error.hpp"
#include "db/rows.hpp"
#include "db/session.hpp"

namespace db {
namespace {

const Statement kFindKey = {"ql_find_key", "look up an API key", R"sql(
select key.account_id, key.id, key.scope = 'write', key.expires_at, plan.name, plan.api_access,
       plan.requests_per_minute, key.name
  from api_key_hashes hash
  join api_keys key on key.account_id = hash.account_id and key.id = hash.key_id
  join accounts account on account.id = key.account_id
  join plans plan on plan.name = account.plan
 where hash.hash = $1::bytea and key.revoked_at is null and (key.expires_at is null or key.expires_at > now())
)sql"};
enum KeyColumn { kAccountId, kKeyId, kMayWrite, kExpiresAt, kPlan, kApiAccess, kRequestsPerMinute, kName };

// Busy rows are skipped, not waited for: last_used_at is worth no wait, and the next use is a minute away at most.
constexpr const char* kTouchKeys = R"sql(
with used as (
  select account_id::uuid as account_id, key_id::uuid as key_id, to_timestamp(max(at::bigint)) as at
    from unnest(:accounts::text[], :keys::text[], :times::text[]) as given (account_id, key_id, at)
   group by 1, 2),
due as (
  select key.account_id, key.id, used.at
    from used join api_keys as key on key.account_id = used.account_id and key.id = used.key_id
   where key.last_used_at is null or key.last_used_at <= used.at - interval '1 minute'
     for no key update of key skip locked)
update api_keys as key set last_used_at = due.at
  from due where key.account_id = due.account_id and key.id = due.id
)sql";

constexpr const char* kAddKey = R"sql(
with key as (
  insert into api_keys (account_id, name, scope, last_four, expires_at)
  values (:account::uuid, :name, :scope, :last_four, to_timestamp(:expires_at::bigint))
  returning account_id, id),
hash as (insert into api_key_hashes (hash, account_id, key_id) select decode(:digest, 'hex'), account_id, id from key)
select id::text from key
)sql";

constexpr const char* kListKeys = R"sql(
select id::text as id, name, last_four, scope,
       extract(epoch from created_at)::bigint as created_at, extract(epoch from last_used_at)::bigint as last_used_at,
       extract(epoch from expires_at)::bigint as expires_at, extract(epoch from revoked_at)::bigint as revoked_at,
       extract(epoch from replaced_at)::bigint as replaced_at
  from api_keys where account_id = :account::uuid
 order by api_keys.created_at, api_keys.id
)sql";

#define QL_ACTIVE_KEYS                                                                                    \
  "select key.id, key.name, key.last_four, key.scope, key.created_at, key.last_used_at, key.expires_at, " \
  "       key.replaced_at, hash.hash "                                                                    \
  "  from api_keys as key join api_key_hashes as hash "                                                   \
  "    on hash.account_id = key.account_id and hash.key_id = key.id "                                     \
  " where key.account_id = $1::uuid and key.revoked_at is null "                                          \
  "   and (key.expires_at is null or key.expires_at > now()) "
const Statement kListActive = {"ql_active_keys", "list API keys",
                               QL_ACTIVE_KEYS "order by key.created_at desc, key.id desc"};
const Statement kHoldActive = {"ql_hold_key", "look at an API key",
                               QL_ACTIVE_KEYS "and key.id = $2::uuid for no key update of key"};
enum ActiveColumn {
  kActiveId,
  kActiveName,
  kLastFour,
  kScope,
  kCreatedAt,
  kLastUsedAt,
  kActiveExpiresAt,
  kReplacedAt,
  kHash
};

const Statement kReplace = {"ql_replace_key", "end an API key", R"sql(
update api_keys set replaced_at = now(), expires_at = least(expires_at, $3::timestamptz)
 where account_id = $1::uuid and id = $2::uuid
)sql"};

constexpr const char* kRevokeKey = R"sql(
update api_keys set revoked_at = date_trunc('second', now())
 where account_id = :account::uuid and id = :id::uuid and revoked_at is null
)sql";

constexpr const char* kRevokeDigest = R"sql(
update api_keys as key set revoked_at = date_trunc('second', now())
  from api_key_hashes as hash
 where hash.hash = decode(:digest, 'hex') and key.account_id = hash.account_id and key.id = hash.key_id
   and key.revoked_at is null
)sql";

std::string hex_of(const Digest& digest) {
  return base::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

ApiKey parse_key(const soci::row& row, const Uuid& account_id) {
  return {.id = uuid_in(row, "id"),
          .account_id = account_id,
          .name = row.get<std::string>("name"),
          .last_four = row.get<std::string>("last_four"),
          .scope = row.get<std::string>("scope") == "write" ? Scope::write : Scope::read,
          .created_at = row.get<long long>("created_at"),
          .last_used_at = optional_integer_in(row, "last_used_at"),
          .expires_at = optional_integer_in(row, "expires_at"),
          .revoked_at = optional_integer_in(row, "revoked_at"),
          .replaced_at = optional_integer_in(row, "replaced_at")};
}

ActiveKey parse_active(const Result& result, int row, const Uuid& account_id) {
  return {.key = {.id = result.uuid(row, kActiveId),
                  .account_id = account_id,
                  .name = result.text(row, kActiveName),
                  .last_four = result.text(row, kLastFour),
                  .scope = result.view(row, kScope) == "write" ? Scope::write : Scope::read,
                  .created_at = result.time(row, kCreatedAt),
                  .last_used_at = result.optional_time(row, kLastUsedAt),
                  .expires_at = result.optional_time(row, kActiveExpiresAt),
                  .revoked_at = {},
                  .replaced_at = result.optional_time(row, kReplacedAt)},
          .digest = result.digest(row, kHash)};
}

}  // namespace

std::optional<KeyIdentity> Keys::find(const Digest& digest) {
  const Result result = session_.query(kFindKey, Parameters().bytes(digest));
  if (result.rows() == 0) return std::nullopt;
  return KeyIdentity{.account_id = result.uuid(0, kAccountId),
                     .key_id = result.uuid(0, kKeyId),
                     .key_name = result.text(0, kName),
                     .scope = result.boolean(0, kMayWrite) ? Scope::write : Scope::read,
                     .expires_at = result.optional_time(0, kExpiresAt),
                     .plan = {.name = result.text(0, kPlan),
                              .api_access = result.boolean(0, kApiAccess),
                              .requests_per_minute = result.integer32(0, kRequestsPerMinute)}};
}

void Keys::touch(std::span<const KeyUse> uses) {
  if (uses.empty()) return;
  TextArray accounts, keys, times;
  for (const auto& use : uses) {
    accounts.add(base::format_uuid(use.account_id));
    keys.add(base::format_uuid(use.key_id));
    times.add(std::to_string(use.used_at));
  }
  const auto accounts_text = accounts.text(), keys_text = keys.text(), times_text = times.text();
  session_.read("note the use of API keys", [&](soci::session& sql) {
    sql << kTouchKeys, soci::use(accounts_text, "accounts"), soci::use(keys_text, "keys"),
        soci::use(times_text, "times");
  });
}

Uuid Keys::add(const NewKey& key) {
  const auto account = base::format_uuid(key.account_id);
  const auto digest = hex_of(key.digest);
  const std::string scope = key.scope == Scope::write ? "write" : "read";
  const auto& name = without_nul(key.name);
  const auto& last_four = without_nul(key.last_four);
  const long long expires_at = key.expires_at.value_or(0);
  soci::indicator expires = key.expires_at ? soci::i_ok : soci::i_null;
  std::string id;
  session_.write("add an API key", [&](soci::session& sql) {
    sql << kAddKey, soci::use(account, "account"), soci::use(name, "name"), soci::use(scope, "scope"),
        soci::use(last_four, "last_four"), soci::use(expires_at, expires, "expires_at"), soci::use(digest, "digest"),
        soci::into(id);
  });
  return uuid_in(id);
}

std::vector<ApiKey> Keys::list(const Uuid& account_id) {
  const auto account = base::format_uuid(account_id);
  std::vector<ApiKey> keys;
  session_.read("list API keys", [&](soci::session& sql) {
    keys.clear();
    const soci::rowset<soci::row> rows = (sql.prepare << kListKeys, soci::use(account, "account"));
    for (const auto& row : rows) keys.push_back(parse_key(row, account_id));
  });
  return keys;
}

std::vector<ActiveKey> Keys::list_active(const Uuid& account_id) {
  const Result result = session_.query(kListActive, Parameters().uuid(account_id));
  std::vector<ActiveKey> keys;
  keys.reserve(static_cast<std::size_t>(result.rows()));
  for (int row = 0; row < result.rows(); ++row) keys.push_back(parse_active(result, row, account_id));
  return keys;
}

std::optional<ApiKey> Keys::hold_active(const Uuid& account_id, const Uuid& key_id) {
  const Result result = session_.query(kHoldActive, Parameters().uuid(account_id).uuid(key_id));
  return result.rows() == 0 ? std::nullopt : std::optional(parse_active(result, 0, account_id).key);
}

void Keys::replace(const Uuid& account_id, const Uuid& key_id, UnixSeconds ends_at) {
  session_.query(kReplace, Parameters().uuid(account_id).uuid(key_id).time(ends_at * 1'000'000));
}

bool Keys::revoke(const Uuid& account_id, const Uuid& key_id) {
  const auto account = base::format_uuid(account_id);
  const auto id = base::format_uuid(key_id);
  long long revoked = 0;
  session_.write("revoke an API key", [&](soci::session& sql) {
    soci::statement statement = (sql.prepare << kRevokeKey, soci::use(account, "account"), soci::use(id, "id"));
    statement.execute(true);
    revoked = statement.get_affected_rows();
  });
  return revoked > 0;
}

bool Keys::revoke(const Digest& digest) {
  const auto text = hex_of(digest);
  long long revoked = 0;
  session_.write("revoke an API key", [&](soci::session& sql) {
    soci::statement statement = (sql.prepare << kRevokeDigest, soci::use(text, "digest"));
    statement.execute(true);
    revoked = statement.get_affected_rows();
  });
  return revoked > 0;
}

}  // namespace db
