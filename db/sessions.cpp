#include "db/sessions.hpp"

#include "db/error.hpp"
#include "db/session.hpp"

namespace db {
namespace {

// Small batches, so that nobody who signs in waits for them; others' hands are skipped.
const Statement kRemoveOver = {"ql_sessions_over", "remove sessions that are over", R"sql(
delete from sessions where (account_id, id) in
  (select account_id, id from sessions where expires_at <= now() order by expires_at limit 50 for update skip locked)
)sql"};

const Statement kRemoveSurplus = {"ql_sessions_surplus", "remove a user's oldest sessions", R"sql(
delete from sessions where (account_id, id) in
  (select account_id, id from sessions where account_id = $1::uuid and user_id = $2::uuid
    order by last_seen_at desc, created_at desc offset $3::bigint)
)sql"};

const Statement kAdd = {"ql_add_session", "add a session", R"sql(
with session as (
  insert into sessions (account_id, user_id, user_agent, remote_addr, expires_at)
  values ($1::uuid, $2::uuid, $3::text, $4::text, date_trunc('second', now()) + $5::bigint * interval '1 second')
  returning account_id, id)
insert into session_hashes (hash, account_id, session_id) select $6::bytea, account_id, id from session
)sql"};

const Statement kFind = {"ql_find_session", "look up a session", R"sql(
select session.account_id, session.id, users.id, users.email, users.created_at, session.created_at,
       session.last_seen_at, session.expires_at, plan.name, plan.api_access, plan.requests_per_minute
  from session_hashes as hash
  join sessions as session on session.account_id = hash.account_id and session.id = hash.session_id
  join users on users.account_id = session.account_id and users.id = session.user_id
  join accounts account on account.id = session.account_id
  join plans plan on plan.name = account.plan
 where hash.hash = $1::bytea and session.expires_at > now()
)sql"};
enum Column {
  kAccountId,
  kSessionId,
  kUserId,
  kEmail,
  kUserCreatedAt,
  kCreatedAt,
  kLastSeenAt,
  kExpiresAt,
  kPlan,
  kApiAccess,
  kRequestsPerMinute
};

// A row that somebody else just moves is moved well enough.
const Statement kTouch = {"ql_touch_session", "note the use of a session", R"sql(
update sessions set last_seen_at = $3::timestamptz, expires_at = greatest(expires_at, $4::timestamptz),
                    user_agent = $5::text, remote_addr = $6::text
 where (account_id, id) in
   (select account_id, id from sessions where account_id = $1::uuid and id = $2::uuid and last_seen_at < $3::timestamptz
       for no key update skip locked)
)sql"};

const Statement kList = {"ql_list_sessions", "list sessions", R"sql(
select id, user_agent, remote_addr, created_at, last_seen_at from sessions
 where account_id = $1::uuid and user_id = $2::uuid and expires_at > now()
 order by last_seen_at desc, created_at desc, id
)sql"};

const Statement kEnd = {
    "ql_end_session", "end a session",
    "delete from sessions where account_id = $1::uuid and user_id = $2::uuid and id = $3::uuid returning id"};

const Statement kEndAll = {"ql_end_sessions", "end sessions",
                           "delete from sessions where account_id = $1::uuid and user_id = $2::uuid"};

Parameters key_of(const User& user) {
  return Parameters().uuid(user.account_id).uuid(user.id);
}

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

}  // namespace

SessionIdentity Sessions::add(const NewSession& session) {
  session_.write("add a session", [&](soci::session&) {
    session_.step(kRemoveOver, {});
    session_.step(kRemoveSurplus, key_of(session.user).integer(kMostOfUser - 1));
    session_.step(kAdd, key_of(session.user)
                            .text(session.user_agent)
                            .text(session.remote_addr)
                            .integer(session.lifetime_s)
                            .bytes(session.digest));
  });
  const auto made = find(session.digest);
  if (!made) throw Error(ErrorKind::unavailable, "", "", "the session was ended while it was made");
  return *made;
}

std::optional<SessionIdentity> Sessions::find(const Digest& digest) {
  const Result result = session_.query(kFind, Parameters().bytes(digest));
  if (result.rows() == 0) return std::nullopt;
  return SessionIdentity{.session_id = result.uuid(0, kSessionId),
                         .user = {.id = result.uuid(0, kUserId),
                                  .account_id = result.uuid(0, kAccountId),
                                  .email = result.text(0, kEmail),
                                  .created_at = result.time(0, kUserCreatedAt)},
                         .plan = {.name = result.text(0, kPlan),
                                  .api_access = result.boolean(0, kApiAccess),
                                  .requests_per_minute = result.integer32(0, kRequestsPerMinute)},
                         .created_at = result.time(0, kCreatedAt),
                         .last_seen_at = result.time(0, kLastSeenAt),
                         .expires_at = result.time(0, kExpiresAt)};
}

void Sessions::touch(const SessionIdentity& identity, const SessionUse& use) {
  session_.query(kTouch, Parameters()
                             .uuid(identity.user.account_id)
                             .uuid(identity.session_id)
                             .time(use.seen_at * kMicrosPerSecond)
                             .time(use.expires_at * kMicrosPerSecond)
                             .text(use.user_agent)
                             .text(use.remote_addr));
}

std::vector<UserSession> Sessions::list(const User& user) {
  const Result result = session_.query(kList, key_of(user));
  std::vector<UserSession> sessions;
  sessions.reserve(static_cast<std::size_t>(result.rows()));
  for (int row = 0; row < result.rows(); ++row)
    sessions.push_back({.id = result.uuid(row, 0),
                        .user_agent = result.text(row, 1),
                        .remote_addr = result.text(row, 2),
                        .created_at = result.time(row, 3),
                        .last_seen_at = result.time(row, 4)});
  return sessions;
}

bool Sessions::end(const User& user, const Uuid& session_id) {
  return session_.query(kEnd, key_of(user).uuid(session_id)).rows() > 0;
}

void Sessions::end_all(const User& user) {
  session_.query(kEndAll, key_of(user));
}

}  // namespace db
