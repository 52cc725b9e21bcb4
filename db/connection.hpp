// What every connection of ours has: the operator's URL completed, and the settings of a session.
#pragma once

#include <string>

#include "db/database.hpp"

namespace db {

// options.url (libpq keywords or URI) as a URI, with a connect timeout, keepalives and UTF-8 where it does not say
// otherwise. Every value is percent-encoded, because SOCI takes connection strings apart at spaces, quotes and '='.
// Throws Error (unavailable) if the URL cannot be read; the message does not repeat it.
std::string connection_string(const Options& options);

// Throws Error (unavailable) if `url` cannot be read; connects to nothing.
void check_url(const std::string& url);

// Time limits, UTC, plans: statements for one PQexec.
std::string session_settings(const Options& options);

// What libpq says of a failed attempt, for a message: it may have several lines.
std::string one_line(std::string text);

}  // namespace db
