// "No click lost, none twice" where the database is concerned, and where whole programs go: the connection is cut at
// COMMIT before the server hears of it, or after it has committed and before the clicks process hears that; a server
// process, all of PostgreSQL, quietleaks-web and nginx are killed; reloads on top.
#include <csignal>
#include <cstdlib>
#include <iostream>

#include <unistd.h>

#include "tests/faults/click_ledger.hpp"
#include "tests/faults/database_proxy.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using faults::ClickInstance;
using faults::ClickLedger;
using faults::DatabaseProxy;
using faults::Visitors;

BOOST_AUTO_TEST_SUITE(clicks_killed_whole)

// Does `strike` again and again among visitors, and tells how it ended.
struct Scene {
  ClickInstance& instance;
  const char* what;
  int times;
  faults::VisitorOptions options = {};
  int pause_ms = 300;  // of traffic, after each

  template <typename Strike>
  std::vector<faults::Visit> play(Strike strike) {
    Visitors visitors(instance, options);
    for (int i = 0; i < times; ++i) {
      faults::sleep_ms(pause_ms);
      strike(i);
    }
    faults::sleep_ms(pause_ms);
    const auto visits = visitors.stop();
    ClickLedger ledger(instance);
    ledger.add(visits);
    const auto verdict = ledger.check(30);
    std::cout << "  faults: " << times << " times " << what << ": " << verdict.summary() << ", " << instance.repeated()
              << " recognised as repeated" << std::endl;
    BOOST_TEST(verdict.good(), what << ": " << verdict.summary());
    return visits;
  }
};

void expect_all_right(const std::vector<faults::Visit>& visits) {
  BOOST_TEST(!visits.empty());
  for (const auto& [error, count] : faults::failures(visits)) BOOST_ERROR(count << " visits: " << error);
}

class ProxiedInstance {
 public:
  ProxiedInstance()
      : folder_("/tmp/quietleaks-proxy-" + std::to_string(getpid())),
        proxy_(folder_, support::Cluster::shared().socket_folder()),
        instance_({.database_folder = folder_}) {}

  ClickInstance& instance() { return instance_; }

  std::vector<faults::Visit> cut(DatabaseProxy::Cut how, const char* what, int times) {
    return Scene{instance_, what, times, {}, 50}.play([&](int i) {
      proxy_.cut(how, 1 + i % 3);
      BOOST_REQUIRE(proxy_.has_cut(20));
    });
  }

 private:
  std::string folder_;
  DatabaseProxy proxy_;
  ClickInstance instance_;
};

BOOST_AUTO_TEST_CASE(a_commit_that_the_server_never_hears) {
  ProxiedInstance proxied;
  expect_all_right(proxied.cut(DatabaseProxy::Cut::before_commit, "cut before COMMIT", faults::repeat(4, 40)));
}

// Whatever was committed comes once more, and is known by its position.
BOOST_AUTO_TEST_CASE(a_commit_whose_reply_is_lost) {
  ProxiedInstance proxied;
  expect_all_right(proxied.cut(DatabaseProxy::Cut::lost_reply, "cut after COMMIT", faults::repeat(4, 40)));
}

BOOST_AUTO_TEST_CASE(a_server_process_at_any_moment) {
  ClickInstance instance;
  const int times = faults::repeat(4, 60);
  expect_all_right(Scene{instance, "the clicks process's session ended", times}.play([&](int) {
    BOOST_REQUIRE(faults::wait_until(
        [&] {
          support::PlainSession peer(instance.database().url("quietleaks_clicks"));
          return peer.sql(
                     "select count(pg_terminate_backend(pid)) > 0 from pg_stat_activity where "
                     "application_name like 'quietleaks-clicks%' and datname = current_database()") == "t";
        },
        10));
  }));
}

BOOST_AUTO_TEST_CASE(all_of_postgres_at_any_moment) {
  ClickInstance instance;
  expect_all_right(Scene{instance, "PostgreSQL killed or shut down at once", faults::repeat(2, 20)}.play([](int i) {
    support::Cluster::shared().end(i % 2 == 0 ? SIGKILL : SIGQUIT);
    support::Cluster::shared().start();
  }));
}

// Without listeners there is nobody to answer; what was answered counts.
BOOST_AUTO_TEST_CASE(all_of_quietleaks_web_at_any_moment) {
  ClickInstance instance;
  Scene{instance, "quietleaks-web killed", faults::repeat(3, 30)}.play([&](int) {
    instance.kill_web();
    instance.start_web();
  });
}

BOOST_AUTO_TEST_CASE(all_of_nginx_at_any_moment) {
  ClickInstance instance;
  Scene{instance, "nginx killed", faults::repeat(3, 30), {.fresh_connections = true}}.play([&](int) {
    instance.kill_nginx();
    instance.start_nginx();
  });
}

BOOST_AUTO_TEST_CASE(reloads_with_kills) {
  ClickInstance instance;
  expect_all_right(
      Scene{instance, "reloaded, a worker and the clicks process killed", faults::repeat(4, 60)}.play([&](int i) {
        instance.reload();
        faults::sleep_ms(i * 7 % 100);
        for (const pid_t pid : {instance.workers("go").back(), instance.clicks_process()})
          if (pid > 0) kill(pid, SIGKILL);
        BOOST_REQUIRE(faults::wait_until([&] { return instance.complete(); }, 10));
      }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
