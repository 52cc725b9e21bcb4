// The affiliate programs that a fresh database knows (migration 0007), for who has no database.
#pragma once

#include <vector>

#include "db/model.hpp"

namespace db {

// By name, as Programs::all.
const std::vector<Program>& known_programs();

}  // namespace db
