// From a session's cookie to who is signed in. The database is asked each time, so that a session that was ended is
// ended at once; people ask seldom enough for that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/base/config.hpp"
#include "app/http/request.hpp"
#include "db/database.hpp"

namespace web {

struct SignedIn {
  db::SessionIdentity identity;
  std::uint64_t fingerprint = 0;              // of the cookie's value, for the rate limiter
  std::optional<std::string> renewed_cookie;  // Set-Cookie, where its life has been moved forward
};

class SessionAuthenticator {
 public:
  SessionAuthenticator(db::Database& database, const base::Config::Sessions& config)
      : database_(database), config_(config) {}

  // `token`: the cookie's value, whatever its form. Throws Problem 401 (invalid_session).
  SignedIn authenticate(const http::Request& request, std::string_view token, db::UnixSeconds now);

 private:
  bool touch(const http::Request& request, db::SessionIdentity& identity, db::UnixSeconds now);

  db::Database& database_;
  const base::Config::Sessions& config_;
};

// What a session may do is what a key with the scope "write" may.
db::KeyIdentity in_place_of_a_key(const db::SessionIdentity& session);

// What a session remembers of the browser that has it, within the bounds of db::NewSession.
std::string shortened_user_agent(const http::Request& request);
std::string shortened_address(const http::Request& request);

}  // namespace web
