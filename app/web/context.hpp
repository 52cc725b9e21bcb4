// What a handler is given beside its request.
#pragma once

#include <string>

#include "app/base/clock.hpp"
#include "app/web/visits.hpp"
#include "db/database.hpp"
#include "db/model.hpp"

namespace web {

struct Context {
  db::Database& database;
  Visits& visits;  // for routes that redirect
  const std::string& public_url;
  const db::PlaceGroup& long_requests;  // how many of them this host bears, so that short ones find a worker
  db::UnixSeconds now = 0;
  db::KeyIdentity identity;    // of the key; meaningful on routes that need one
  std::string path_parameter;  // what {id} stood for in the path, still encoded
};

}  // namespace web
