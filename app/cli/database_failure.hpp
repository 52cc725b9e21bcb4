// What a database error means to the operator, and what to do about it.
#pragma once

#include "app/cli/failure.hpp"
#include "db/error.hpp"

namespace cli {

Failure database_failure(const db::Error& error);

}  // namespace cli
