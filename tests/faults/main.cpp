// The faults suite: kills, reloads and outages; a short slice, or all of it with QL_FAULTS=full.
#define BOOST_TEST_MODULE faults
#include "tests/support/boost_test.hpp"
