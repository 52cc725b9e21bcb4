// The unit suite: no network, no database, no root; seconds.
#define BOOST_TEST_MODULE unit
#include "tests/support/boost_test.hpp"
