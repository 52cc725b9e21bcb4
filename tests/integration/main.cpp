// db/ against a real PostgreSQL.
#define BOOST_TEST_MODULE integration
#include "tests/support/boost_test.hpp"
