// The part of Sessions that counts failed attempts: db/sessions.hpp.
#include "app/base/ids.hpp"
#include "db/session.hpp"
#include "db/sessions.hpp"

// What an attempt is counted for. lower() is the one that makes emails unique (migration 0001).
#define QL_EMAIL_SUBJECT "sha256(convert_to('email ' || lower($1::text), 'UTF8'))"
#define QL_SUBJECTS                                       \
  "with subjects (subject) as (values (" QL_EMAIL_SUBJECT \
  "), "                                                   \
  "(sha256(convert_to('address ' || $2::text, 'UTF8')))) "

namespace db {
namespace {

const Statement kRemoveOld = {"ql_old_failures", "remove old failures to sign in", R"sql(
delete from sign_in_failures where (subject, attempt) in
  (select subject, attempt from sign_in_failures
    where failed_at <= clock_timestamp() - $1::bigint * interval '1 second' order by failed_at limit 100
      for update skip locked)
)sql"};

// One attempt after the other, in the order of the subjects so that none waits for another in a circle.
const Statement kLock = {"ql_lock_sign_in", "count an attempt to sign in", QL_SUBJECTS R"sql(
select pg_advisory_xact_lock(hashtextextended(encode(subject, 'hex'), 0))
  from (select subject from subjects order by subject offset 0) as ordered
)sql"};

// Seconds until fewer than $3 failures are left within the window of $4 seconds.
const Statement kWait = {"ql_sign_in_wait", "count an attempt to sign in", QL_SUBJECTS R"sql(
select coalesce(max(greatest(1, ceil(extract(epoch from
         failed_at + $4::bigint * interval '1 second' - clock_timestamp())))), 0)::bigint
  from subjects cross join lateral
       (select failed_at from sign_in_failures as failure
         where failure.subject = subjects.subject
           and failed_at > clock_timestamp() - $4::bigint * interval '1 second'
         order by failed_at desc offset $3::bigint - 1 limit 1) as oldest
)sql"};

const Statement kCount = {"ql_count_sign_in", "count an attempt to sign in",
                          QL_SUBJECTS
                          "insert into sign_in_failures (subject, attempt) select subject, $3::uuid from subjects"};

const Statement kTakeBack = {"ql_take_back_sign_in", "take back an attempt to sign in",
                             "delete from sign_in_failures where attempt = $1::uuid"};

const Statement kForget = {"ql_forget_failures", "forget failures to sign in",
                           "delete from sign_in_failures where subject = " QL_EMAIL_SUBJECT};

}  // namespace

SignInAttempt Sessions::begin_sign_in(const std::string& email, const std::string& address) {
  SignInAttempt attempt;
  session_.write("count an attempt to sign in", [&](soci::session&) {
    const auto subjects = [&] { return Parameters().text(email).text(address); };
    attempt = {.id = base::random_uuid()};
    session_.step(kRemoveOld, Parameters().integer(kFailureWindowS));
    session_.step(kLock, subjects());
    attempt.wait_s = session_.step(kWait, subjects().integer(kMostFailures).integer(kFailureWindowS)).integer(0, 0);
    if (attempt.wait_s == 0) session_.step(kCount, subjects().uuid(attempt.id));
  });
  return attempt;
}

void Sessions::take_back(const SignInAttempt& attempt) {
  session_.query(kTakeBack, Parameters().uuid(attempt.id));
}

void Sessions::forget_failures(const std::string& email) {
  session_.query(kForget, Parameters().text(email));
}

}  // namespace db
