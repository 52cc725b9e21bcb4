// The product from outside: real nginx with TLS, real quietleaks-web, real PostgreSQL.
#define BOOST_TEST_MODULE e2e
#include "tests/support/boost_test.hpp"
