// SIGHUP: configuration and program are replaced while requests flow.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "app/base/api_key.hpp"
#include "tests/faults/load.hpp"
#include "tests/faults/web_instance.hpp"
#include "tests/support/boost_test.hpp"

namespace {

namespace fs = std::filesystem;
using faults::Load;
using faults::WebInstance;

struct Traffic {
  explicit Traffic(const WebInstance& web)
      : gets({.url = web.base_url() + "/healthz", .ca_file = web.ca_file(), .connections = 6, .pause_ms = 1}, 200),
        posts({.url = web.base_url() + "/api/v1/links/none",
               .ca_file = web.ca_file(),
               .method = "POST",
               .key = base::generate_api_key(),
               .connections = 2,
               .pause_ms = 110},
              405) {}

  void check(const std::string& what) {
    const auto get = gets.stop();
    const auto post = posts.stop();
    std::cout << "  faults: " << what << "; GET: " << get.summary() << "; POST: " << post.summary() << std::endl;
    BOOST_TEST(get.failed() == 0);
    BOOST_TEST(post.failed() == 0);
  }

  Load gets;
  Load posts;
};

// Every worker of now was started by the last reload, and the old ones have left.
bool settled(const WebInstance& web) {
  return web.logged("reloaded") == web.logged("master_reloading") && web.workers().size() == web.workers_wanted();
}

// A reload begins some time after its signal, when the configuration has been checked.
bool stays_settled(const WebInstance& web) {
  const auto start = faults::Clock::now();
  while (web.logged("reloaded") > 0 && settled(web)) {
    if (faults::seconds_since(start) > 0.5) return true;
    faults::sleep_ms(20);
  }
  return false;
}

BOOST_AUTO_TEST_SUITE(reloads)

BOOST_AUTO_TEST_CASE(reloads_in_quick_succession_lose_nothing) {
  WebInstance web;
  const pid_t master = web.master();
  Traffic traffic(web);
  std::mt19937 random(11);
  const int signals = faults::repeat(10, 100);
  for (int i = 0; i < signals; ++i) {
    web.reload();
    faults::sleep_ms(static_cast<int>(random() % 26));
  }
  BOOST_TEST(faults::wait_until([&] { return stays_settled(web); }, 30));
  traffic.check(std::to_string(signals) + " HUPs 0-25 ms apart, " + std::to_string(web.logged("reloaded")) +
                " reloads");
  BOOST_TEST(kill(master, 0) == 0);
  BOOST_TEST(web.logged("reloaded") >= 1);
  BOOST_TEST(web.logged("worker_died") == 0);
}

BOOST_AUTO_TEST_CASE(a_new_program_takes_over) {
  WebInstance web;
  Traffic traffic(web);
  const int upgrades = faults::repeat(3, 20);
  for (int i = 1; i <= upgrades; ++i) {
    const std::string next = web.program() + ".next";  // another file under the same name, as a package manager does it
    fs::copy_file("build/release/quietleaks-web", next);
    fs::rename(next, web.program());
    const auto file = fs::path(web.program());
    web.reload();
    BOOST_REQUIRE(faults::wait_until([&] { return web.logged("reloaded") == i && settled(web); }, 30));
    for (const pid_t pid : web.workers())
      BOOST_TEST(fs::equivalent("/proc/" + std::to_string(pid) + "/exe", file), "worker runs the new file");
  }
  traffic.check(std::to_string(upgrades) + " binary upgrades");
}

BOOST_AUTO_TEST_CASE(a_changed_number_of_workers_is_followed) {
  WebInstance web;
  Traffic traffic(web);
  for (const int workers : {6, 2}) {
    web.set_api_workers(workers);
    web.reload();
    BOOST_TEST(faults::wait_until([&] { return settled(web); }, 30));
  }
  traffic.check("4 api workers became 6, then 2");
}

BOOST_AUTO_TEST_CASE(a_bad_configuration_or_program_changes_nothing) {
  WebInstance web({.api_workers = 2, .bulk_workers = 1});
  const auto before = web.workers();
  web.write_config("colour = \"blue\"\n");
  web.reload();
  BOOST_TEST(faults::wait_until([&] { return web.logged("reload_refused") == 1; }, 10));
  BOOST_TEST(web.log().find("colour") != std::string::npos);  // says why
  web.write_config();
  fs::permissions(web.program(), fs::perms::none);
  fs::rename(web.program(), web.program() + ".away");
  web.reload();
  BOOST_TEST(faults::wait_until([&] { return web.logged("reload_refused") == 2; }, 10));
  BOOST_TEST((web.workers() == before));
  fs::rename(web.program() + ".away", web.program());
  fs::permissions(web.program(), fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  web.reload();
  BOOST_TEST(faults::wait_until([&] { return web.logged("reloaded") == 1 && settled(web); }, 10));
}

// What is well formed, and yet would end a master that had taken it.
BOOST_AUTO_TEST_CASE(a_configuration_that_this_machine_cannot_serve_changes_nothing) {
  WebInstance web({.api_workers = 2, .bulk_workers = 1, .nginx = false});
  WebInstance other({.api_workers = 1, .bulk_workers = 1, .nginx = false});
  const auto before = web.workers();
  const std::string run_dir = "run_dir = \"" + web.run_dir() + "\"\nstate_dir = \"" + web.state_dir() + '"';
  const std::vector<std::pair<std::string, std::string>> rows = {
      {run_dir + "\nuser = \"nosuch\"", "nosuch"},
      {"run_dir = \"/proc/x/y\"", "needs a restart"},
      {"run_dir = \"/etc/passwd\"", "needs a restart"},
      {"run_dir = \"" + other.run_dir() + '"', "needs a restart"},
      {run_dir + "\n[rate_limit]\nslots = 1000000\nmax_requests_per_minute = 100000", "half of the machine's memory"},
      {run_dir + "\n[rate_limit]\nslots = 0", "slots"},
      {"run_dir = \"" + web.run_dir() + "\"\nstate_dir = \"" + other.state_dir() + '"', "move the folder"},
  };
  int refused = 0;
  for (const auto& [server, reason] : rows) {
    BOOST_TEST_CONTEXT(server) {
      std::ofstream(web.config_path()) << "public_url = \"https://localhost\"\n"
                                       << "[database]\nurl = \"postgresql://nobody@/none\"\n[server]\n"
                                       << server << '\n';
      web.reload();
      ++refused;
      BOOST_TEST(faults::wait_until([&] { return web.logged("reload_refused") == refused; }, 10));
      BOOST_TEST(web.log().substr(web.log().rfind("reload_refused")).find(reason) != std::string::npos);
      BOOST_TEST((web.workers() == before));
    }
  }
  std::cout << "  faults: " << refused << " configurations refused, nothing replaced" << std::endl;
}

BOOST_AUTO_TEST_CASE(what_is_gone_from_the_run_directory_is_made_anew) {
  WebInstance web({.api_workers = 2, .bulk_workers = 1});
  const auto files = {"/go.sock", "/api.sock", "/bulk.sock", "/passwords.sock", "/lock", "/scoreboard"};
  int reloads = 0;
  const auto reload = [&] {
    web.reload();
    ++reloads;
    BOOST_TEST(faults::wait_until([&] { return web.logged("reloaded") == reloads && settled(web); }, 10));
    for (const char* file : files) BOOST_TEST(fs::exists(web.run_dir() + file), file);
    Traffic traffic(web);
    faults::sleep_ms(200);
    traffic.check("after reload " + std::to_string(reloads));
  };
  for (const char* file : files) {
    fs::remove(web.run_dir() + file);
    reload();
  }
  fs::rename(web.run_dir(), web.run_dir() + ".away");
  reload();
}

BOOST_AUTO_TEST_CASE(the_sockets_of_a_master_that_took_over_are_left_alone) {
  WebInstance web({.api_workers = 1, .bulk_workers = 1, .nginx = false});
  const std::string lock = web.run_dir() + "/lock";
  BOOST_TEST((fs::status(lock).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
  fs::remove(lock);
  std::ofstream(lock) << "another's";
  kill(web.master(), SIGTERM);
  BOOST_TEST(web.wait_for_exit(10) == 0);
  for (const char* file : {"/go.sock", "/api.sock", "/bulk.sock", "/passwords.sock", "/lock", "/scoreboard"})
    BOOST_TEST(fs::exists(web.run_dir() + file), file);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
