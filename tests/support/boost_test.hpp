// Boost.Test, linked dynamically. Every test file includes this; the main file of a suite first defines
// BOOST_TEST_MODULE, the suite's name.
#pragma once

#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
