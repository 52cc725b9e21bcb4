#include "db/users.hpp"

#include "db/session.hpp"

namespace db {
namespace {

#define QL_USER_COLUMNS "account_id, id, email, created_at"
enum UserColumn { kAccountId, kId, kEmail, kCreatedAt, kAfterUser };

const Statement kAdd = {"ql_add_user", "add a user", R"sql(
insert into users (account_id, email, password_hash) values ($1::uuid, $2::text, $3::text)
returning )sql" QL_USER_COLUMNS};

const Statement kFind = {"ql_find_user", "find a user",
                         "select " QL_USER_COLUMNS ", password_hash from users where lower(email) = lower($1::text)"};

const Statement kList = {"ql_list_users", "list users", R"sql(
select users.account_id, users.id, users.email, users.created_at, accounts.name, users.password_hash is not null,
       count(sessions.id), max(sessions.last_seen_at)
  from users
  join accounts on accounts.id = users.account_id
  left join sessions on (sessions.account_id, sessions.user_id) = (users.account_id, users.id)
                    and sessions.expires_at > now()
 group by users.account_id, users.id, accounts.name
 order by accounts.name, users.email
)sql"};
enum ListColumn { kAccountName = kAfterUser, kHasPassword, kSessions, kLastSeenAt };

const Statement kRemove = {"ql_remove_user", "remove a user",
                           "delete from users where account_id = $1::uuid and id = $2::uuid"};

const Statement kSetPassword = {
    "ql_set_password", "set a password",
    "update users set password_hash = $3::text where account_id = $1::uuid and id = $2::uuid"};

const Statement kHoldPassword = {
    "ql_hold_password", "hold a password",
    "select 1 from users where account_id = $1::uuid and id = $2::uuid and password_hash = $3::text for update"};

const Statement kEndResets = {"ql_end_resets", "end a one-time link",
                              "delete from password_resets where account_id = $1::uuid and user_id = $2::uuid"};

const Statement kAddReset = {"ql_add_reset", "make a one-time link", R"sql(
insert into password_resets (account_id, user_id, hash, expires_at)
values ($1::uuid, $2::uuid, $3::bytea, now() + $4::bigint * interval '1 second')
on conflict (account_id, user_id) do update set hash = excluded.hash, expires_at = excluded.expires_at
)sql"};

const Statement kFindReset = {"ql_find_reset", "look up a one-time link", R"sql(
select users.account_id, users.id, users.email, users.created_at
  from password_resets as reset
  join users on (users.account_id, users.id) = (reset.account_id, reset.user_id)
 where reset.hash = $1::bytea and reset.expires_at > now()
)sql"};

const Statement kUseReset = {
    "ql_use_reset", "use a one-time link",
    "delete from password_resets where hash = $1::bytea and expires_at > now() returning user_id"};

User parse_user(const Result& result, int row) {
  return {.id = result.uuid(row, kId),
          .account_id = result.uuid(row, kAccountId),
          .email = result.text(row, kEmail),
          .created_at = result.time(row, kCreatedAt)};
}

Parameters key_of(const User& user) {
  return Parameters().uuid(user.account_id).uuid(user.id);
}

}  // namespace

User Users::add(const Uuid& account_id, const std::string& email, const std::optional<std::string>& password_hash) {
  auto parameters = Parameters().uuid(account_id).text(email);
  password_hash ? parameters.text(*password_hash) : parameters.null();
  std::optional<User> user;
  session_.write("add a user", [&](soci::session&) { user = parse_user(session_.step(kAdd, parameters), 0); });
  return *user;
}

std::optional<Credentials> Users::find(const std::string& email) {
  const Result result = session_.query(kFind, Parameters().text(email));
  if (result.rows() == 0) return std::nullopt;
  return Credentials{parse_user(result, 0), result.optional_text(0, kAfterUser)};
}

std::vector<UserLine> Users::list() {
  const Result result = session_.query(kList, {});
  std::vector<UserLine> users;
  users.reserve(static_cast<std::size_t>(result.rows()));
  for (int row = 0; row < result.rows(); ++row)
    users.push_back({.user = parse_user(result, row),
                     .account_name = result.text(row, kAccountName),
                     .has_password = result.boolean(row, kHasPassword),
                     .sessions = result.integer(row, kSessions),
                     .last_seen_at = result.optional_time(row, kLastSeenAt)});
  return users;
}

void Users::remove(const User& user) {
  session_.write("remove a user", [&](soci::session&) { session_.step(kRemove, key_of(user)); });
}

bool Users::hold_password(const User& user, const std::string& password_hash) {
  return session_.query(kHoldPassword, key_of(user).text(password_hash)).rows() == 1;
}

void Users::set_password(const User& user, const std::string& password_hash) {
  session_.write("set a password", [&](soci::session&) {
    session_.step(kSetPassword, key_of(user).text(password_hash));
    session_.step(kEndResets, key_of(user));
  });
}

void Users::add_reset(const User& user, const Digest& digest) {
  session_.write("make a one-time link", [&](soci::session&) {
    session_.step(kAddReset, key_of(user).bytes(digest).integer(kResetLifetimeS));
  });
}

std::optional<User> Users::find_reset(const Digest& digest) {
  const Result result = session_.query(kFindReset, Parameters().bytes(digest));
  return result.rows() == 0 ? std::nullopt : std::optional(parse_user(result, 0));
}

bool Users::use_reset(const Digest& digest) {
  bool used = false;
  session_.write("use a one-time link",
                 [&](soci::session&) { used = session_.step(kUseReset, Parameters().bytes(digest)).rows() > 0; });
  return used;
}

}  // namespace db
