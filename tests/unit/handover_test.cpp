#include "app/server/handover.hpp"

#include <stdexcept>

#include "tests/support/boost_test.hpp"

namespace {

server::Handover example() {
  server::Handover handover;
  handover.program = "/opt/quiet leaks/bin/quietleaks-web";
  handover.state_dir = "/var/lib/quiet leaks";
  handover.locks = {{5, "/run/quietleaks/lock"}};
  handover.listeners = {{6, "/run/quietleaks/api.sock"}, {7, "/run/quiet leaks/bulk.sock"}};
  handover.regions = {{8, "keys slots=16384 cells=600 bytes=79000000"}};
  handover.children = {{4711, 9, 0, 1, 98'765'432, "api"}, {4712, 10, 17, 2, 1, "bulk"}};
  return handover;
}

BOOST_AUTO_TEST_SUITE(handover)

BOOST_AUTO_TEST_CASE(what_is_encoded_is_decoded) {
  BOOST_TEST((server::decode(server::encode(example())) == example()));
  BOOST_TEST((server::decode(server::encode({})) == server::Handover{}));
}

BOOST_AUTO_TEST_CASE(lines_of_a_newer_build_are_skipped) {
  BOOST_TEST((server::decode(server::encode(example()) + "moon 3 full\n") == example()));
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  const std::string good = server::encode({});
  for (const std::string bad : {"", "hello", "quietleaks-handover 2\n"})
    BOOST_CHECK_THROW(server::decode(bad), std::invalid_argument);
  for (const std::string bad : {"listener x /run/api.sock\n", "listener 6\n", "child 1 2 3\n", "child 1 2 3 4 5\n"})
    BOOST_CHECK_THROW(server::decode(good + bad), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_line_break_in_a_path_cannot_forge_a_line) {
  server::Handover handover = example();
  handover.listeners[0].name = "/run/a\nchild 1 2 3 4 5 api";
  BOOST_CHECK_THROW(server::encode(handover), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
