// What a handler is given beside its request.
#pragma once

#include <optional>
#include <string>

#include "app/base/clock.hpp"
#include "app/base/config.hpp"
#include "app/shm/rate_limiter.hpp"
#include "app/web/visits.hpp"
#include "db/database.hpp"
#include "db/model.hpp"

namespace web {

struct Context {
  db::Database& database;
  Visits& visits;  // for routes that redirect
  const base::Config& config;
  const std::string& public_url;
  shm::RateLimiter& keys;               // for looks at a key's use
  const db::PlaceGroup& long_requests;  // how many of them this host bears, so that short ones find a worker
  db::UnixSeconds now = 0;
  db::KeyIdentity identity;  // of the key, or what a session has in its place; meaningful on routes that need one
  std::optional<db::SessionIdentity> session;  // of who is signed in and sent no key
  std::string path_parameter;                  // what {id} stood for in the path, still encoded
};

}  // namespace web
