// quietleaks-web: the master, its pools of FastCGI workers, and the process that counts clicks.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "app/base/config.hpp"
#include "app/base/log.hpp"
#include "app/base/process_title.hpp"
#include "app/base/version.hpp"
#include "app/ingest/clicks_process.hpp"
#include "app/server/handover.hpp"
#include "app/server/master.hpp"
#include "app/server/preflight.hpp"

namespace {

constexpr int kUsage = 2;

// Processes do not know each other; here they meet.
int count_clicks(const base::Config& config, shm::ClicksBoard& board, const server::Supervision& supervision) {
  return ingest::run_clicks_process(config, board, {.ready = supervision.ready, .carry_on = supervision.carry_on});
}

int serve(const std::string& config_path, const std::string& program) {
  try {
    const base::Config config = base::load_config(config_path, base::environment());
    if (std::getenv(server::Handover::kVariable) == nullptr) server::preflight(config, {});  // a reload had it before
    base::log::start(config.log.level, "master");
    return server::Master(config, config_path, program, count_clicks).run();
  } catch (const std::exception& error) {
    std::cerr << "quietleaks-web: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}

int check_config(const std::string& config_path) {
  try {
    const base::Config config = base::load_config(config_path, base::environment());
    server::preflight(config, server::take_inheritance());
    std::cout << "quietleaks-web: " << config_path << " is good\n";
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "quietleaks-web: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string program = argv[0];
  base::reserve_process_title(argc, argv);

  CLI::App app{
      "Serves QuietLeaks' redirects and API behind nginx: a master and its FastCGI workers, in the foreground.\n"
      "Signals to the master: HUP loads configuration and program anew, without losing a request; TERM finishes what "
      "is\n"
      "in flight and stops; INT twice stops at once."};
  std::string config_path = "/etc/quietleaks/quietleaks.toml";
  app.add_option("--config", config_path, "The configuration file")->envname("QL_CONFIG")->capture_default_str();
  bool check = false;
  bool print = false;
  app.add_flag("--check-config", check,
               "Read the configuration, say what is wrong with it or cannot be had on this machine, and leave");
  app.add_flag("--print-config", print, "Print a commented configuration file with every default");
  app.set_version_flag("--version", std::string("quietleaks-web ") + base::kVersion);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : kUsage;
  }

  if (print) {
    std::cout << base::default_config_text();
    return EXIT_SUCCESS;
  }
  return check ? check_config(config_path) : serve(config_path, program);
}
