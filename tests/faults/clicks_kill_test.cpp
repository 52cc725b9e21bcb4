// "No click lost, none twice": every process on a click's way is killed with SIGKILL exactly at its N-th write, sync,
// rename, unlink and send, while visitors follow links through nginx with TLS. In the short slice at the first of each
// kind of call that it makes, in full at every one up to a bound.
#include "tests/faults/kill_points.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using faults::ClickInstance;
using faults::KillPoints;

BOOST_AUTO_TEST_SUITE(clicks_killed)

int points() {
  return faults::repeat(1, 6);
}

faults::Victim fresh_worker(const ClickInstance& instance, const std::string& pool) {
  return {.name = pool + " worker", .with = [&instance, pool](const auto& look) { look(instance.fresh_worker(pool)); }};
}

// One that dies behind its append and before its answer has its request sent again: the second record is known.
void expect_repeated(const ClickInstance& instance) {
  BOOST_TEST(instance.repeated() > 0, "no request was journalled twice: the kills missed what they are about");
}

// The only one of its pool: then every visit is its own, and its calls do not depend on which of several nginx chose.
BOOST_AUTO_TEST_CASE(a_go_worker_at_any_call) {
  ClickInstance instance({.go_workers = 1});
  KillPoints(instance, fresh_worker(instance, "go"), {}).run(points());
  expect_repeated(instance);
}

BOOST_AUTO_TEST_CASE(a_go_worker_that_waits_for_the_disk_at_any_call) {
  ClickInstance instance({.go_workers = 1, .durability = "power"});
  KillPoints(instance, fresh_worker(instance, "go"), {}).run(points());
  expect_repeated(instance);
}

BOOST_AUTO_TEST_CASE(a_bulk_worker_that_looks_links_up_at_any_call) {
  ClickInstance instance({.unknown_links = 5});
  KillPoints(instance, fresh_worker(instance, "bulk"), {.connections = 2, .pause_ms = 40, .unknown_links = true})
      .run(points());
}

// Each time it finds changes of links, and each time it starts, that the map has to be built anew.
BOOST_AUTO_TEST_CASE(the_clicks_process_at_any_call) {
  ClickInstance instance;
  int changes = 0;
  const auto change_links = [&] {
    instance.database().sql("update links set fallback_url = 'https://fallback.example/" + std::to_string(++changes) +
                            "' where account_id = '" + instance.account() + "'");
  };
  KillPoints(instance,
             {.name = "clicks process",
              .with =
                  [&](const auto& look) {
                    instance.fresh_clicks_process([&](pid_t pid) {
                      instance.have_map_rebuilt();
                      look(pid);
                    });
                  },
              .stir = change_links},
             {})
      .run(points());
}

// Its own visitors see that, and only they: so each of their requests has a connection to itself.
BOOST_AUTO_TEST_CASE(a_worker_of_nginx_at_any_call) {
  ClickInstance instance;
  KillPoints(
      instance,
      {.name = "nginx worker", .with = [&](const auto& look) { look(faults::children_of(instance.nginx()).front()); }},
      {.fresh_connections = true})
      .run(points());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
