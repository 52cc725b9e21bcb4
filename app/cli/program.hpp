// The operator's program: parses the command line, runs one command, and turns whatever went wrong into a message that
// says what to do next and an exit code (app/cli/failure.hpp) that scripts can use.
#pragma once

#include "app/base/config.hpp"

namespace cli {

int run(int argc, char** argv, const base::Environment& environment);

}  // namespace cli
