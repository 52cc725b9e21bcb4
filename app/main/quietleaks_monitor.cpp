// quietleaks-monitor: checks where links lead. Any number of them, on any hosts, share the work of one database.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "app/base/config.hpp"
#include "app/base/log.hpp"
#include "app/base/version.hpp"
#include "app/monitor/monitor_process.hpp"
#include "app/server/notify.hpp"

namespace {

constexpr int kUsage = 2;

// Processes do not know each other; here they meet.
monitor::Supervision supervision() {
  return {.ready = server::notify_ready,
          .alive = server::notify_alive,
          .status = server::notify_status,
          .stopping = server::notify_stopping};
}

int work(const std::string& config_path, bool check_only) {
  try {
    const base::Config config = base::load_config(config_path, base::environment());
    if (check_only) {
      monitor::check_config(config);
      std::cout << "quietleaks-monitor: " << config_path << " is good\n";
      return EXIT_SUCCESS;
    }
    base::log::start(config.log.level, "monitor");
    // A domain whose name servers do not answer is given up sooner than by resolv.conf(5)'s own limits.
    setenv("RES_OPTIONS", "timeout:2 attempts:2", 0);
    return monitor::run(config, supervision());
  } catch (const std::exception& error) {
    std::cerr << "quietleaks-monitor: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Checks where QuietLeaks' links lead, in the foreground. Start as many as you like, on one host or on several:\n"
      "they share the links that are due, and are polite to the hosts that they ask together.\n"
      "Signals: TERM finishes the checks under way and stops; a second one stops at once, and others take them over."};
  std::string config_path = "/etc/quietleaks/quietleaks.toml";
  app.add_option("--config", config_path, "The configuration file, the same as for quietleaks-web")
      ->envname("QL_CONFIG")
      ->capture_default_str();
  bool check_only = false;
  app.add_flag("--check-config", check_only, "Read the configuration, say what is wrong with it, and leave");
  app.set_version_flag("--version", std::string("quietleaks-monitor ") + base::kVersion);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : kUsage;
  }
  return work(config_path, check_only);
}
