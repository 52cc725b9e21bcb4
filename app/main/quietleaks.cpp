// The operator's command line.
#include "app/base/config.hpp"
#include "app/cli/program.hpp"

int main(int argc, char** argv) {
  return cli::run(argc, argv, base::environment());
}
