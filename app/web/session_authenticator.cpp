#include "app/web/session_authenticator.hpp"

#include <cstring>

#include "app/base/crypto.hpp"
#include "app/base/text.hpp"
#include "app/base/token.hpp"
#include "app/http/problem.hpp"
#include "app/web/session_cookie.hpp"

namespace web {
namespace {

constexpr db::UnixSeconds kMinute = 60;
constexpr db::UnixSeconds kHour = 3600;
constexpr db::UnixSeconds kDay = 86'400;
constexpr std::size_t kMostUserAgent = 240;  // bytes, and then an ellipsis
constexpr std::size_t kMostAddress = 60;

// The cookie is left alone: this may be the late answer to a request of the session before, in a browser that has
// signed in again meanwhile.
http::Problem invalid_session() {
  http::Problem problem(401, "invalid_session", "This session is over. Sign in again.");
  problem.with_header("WWW-Authenticate", "Bearer realm=\"quietleaks\"");
  return problem;
}

}  // namespace

db::KeyIdentity in_place_of_a_key(const db::SessionIdentity& session) {
  return {.account_id = session.user.account_id,
          .key_id = session.user.id,
          .key_name = session.user.email,
          .scope = db::Scope::write,
          .expires_at = {},
          .plan = session.plan};
}

std::string shortened_user_agent(const http::Request& request) {
  return base::shorten(base::replace_bad_utf8(request.header("user-agent")), kMostUserAgent);
}

std::string shortened_address(const http::Request& request) {
  return base::shorten(base::replace_bad_utf8(request.remote_addr), kMostAddress);
}

SignedIn SessionAuthenticator::authenticate(const http::Request& request, std::string_view token, db::UnixSeconds now) {
  if (!base::well_formed_token(token)) throw invalid_session();
  const auto digest = base::sha256(token);
  auto identity = database_.sessions().find(digest);
  if (!identity) throw invalid_session();
  SignedIn signed_in;
  std::memcpy(&signed_in.fingerprint, digest.data(), sizeof signed_in.fingerprint);
  if (touch(request, *identity, now)) signed_in.renewed_cookie = keep_session_cookie(token, identity->expires_at - now);
  signed_in.identity = *std::move(identity);
  return signed_in;
}

// True: the session ends later than it did. A browser is told of that at most once an hour.
bool SessionAuthenticator::touch(const http::Request& request, db::SessionIdentity& identity, db::UnixSeconds now) {
  if (now - identity.last_seen_at < kMinute) return false;
  const auto latest = now + config_.lifetime_days * kDay;
  const bool renew = latest - identity.expires_at >= kHour;
  if (renew) identity.expires_at = latest;
  database_.sessions().touch(identity, {.user_agent = shortened_user_agent(request),
                                        .remote_addr = shortened_address(request),
                                        .seen_at = now,
                                        .expires_at = identity.expires_at});
  return renew;
}

}  // namespace web
