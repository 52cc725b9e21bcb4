// Makes connections: the operator's URL completed with what every connection of ours has, and opened as SOCI's backend.
#pragma once

#include <string>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "db/database.hpp"

namespace db {

// libpq keywords for options.url (keywords or URI), with a connect timeout, keepalives and UTF-8 where the URL does not
// say otherwise. Throws Error (unavailable) if the URL cannot be read; the message does not repeat it.
std::string connection_string(const Options& options);

// SOCI's own factory takes the string apart at spaces and '=', which breaks URIs and quoted values; this one does not.
class ConnectionFactory : public soci::backend_factory {
 public:
  soci::postgresql_session_backend* make_session(const soci::connection_parameters& parameters) const override;
};

// The settings of a session: time limits, UTC, plans. One statement list for PQexec.
std::string session_settings(const Options& options);

}  // namespace db
