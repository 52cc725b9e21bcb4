// What `quietleaks doctor` asks of the server and of the rights that a connection has. A connection of its own.
#pragma once

#include <string>

#include "db/database.hpp"
#include "db/model.hpp"

namespace db {

struct ServerState {
  std::string version;      // "15.14 (Debian 15.14-0+deb12u1)"
  int version_number = 0;   // 150014
  bool standby = false;     // in recovery: read-only, and deaf to LISTEN
  int max_connections = 0;  // those that ordinary roles may have
  UnixSeconds clock = 0;
  std::string user;              // whom the URL connects as
  bool user_may_create = false;  // tables in our schema: more than a worker needs
  bool user_may_read = false;    // links and keys; false also while there are no such tables
  bool web_role = false;         // quietleaks_web exists
  bool web_role_may_create = false;
};

ServerState server_state(const Options& options);  // throws Error

// Whether a connection may do what counting clicks and keeping the link map take (db/grants.sql, quietleaks_clicks).
struct CountingRights {
  std::string user;
  bool may_create = false;  // tables in our schema: more than it needs
  std::string missing;      // "insert on clicks, update of links.clicks_30d"; empty: nothing
};

CountingRights counting_rights(const Options& options);  // in a migrated database; throws Error

}  // namespace db
