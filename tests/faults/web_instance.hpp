// A quietleaks-web without a database behind an nginx with our site's real configuration: enough for everything that
// concerns processes, because /healthz (kept connections) and a refused POST (a connection for each) need no database.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/faults/nginx_process.hpp"
#include "tests/faults/process.hpp"
#include "tests/faults/timing.hpp"

namespace faults {

class WebInstance {
 public:
  static constexpr int kConnectTimeout = 2;  // seconds; libpq takes no less
  static constexpr int kPasswordWorkers = 1;
  static constexpr int kStuckAfter = 4;  // seconds

  struct Options {
    int api_workers = 4;
    int bulk_workers = 2;
    int go_workers = 1;
    int stuck_after = kStuckAfter;
    std::string api_settings = {};       // more TOML for the table [pools.api]
    bool unresponsive_database = false;  // connecting takes connect_timeout_s, instead of failing at once
    bool nginx = true;
  };

  WebInstance() : WebInstance(Options()) {}
  explicit WebInstance(Options options);
  ~WebInstance();
  WebInstance(const WebInstance&) = delete;
  WebInstance& operator=(const WebInstance&) = delete;

  void start_web();                                                 // returns when all workers are ready
  int wait_for_exit(double seconds) { return web_.wait(seconds); }  // the master's wait status, -1 if it goes on
  void reload() const;

  pid_t master() const { return web_.pid(); }
  std::vector<pid_t> workers(const std::string& pool = "") const;  // "go", "api", "bulk", or all; live ones
  std::size_t workers_wanted() const;

  const std::string& base_url() const { return nginx_.base_url(); }
  std::string ca_file() const { return nginx_.ca_file(); }
  std::string run_dir() const { return directory_ + "/run"; }
  std::string state_dir() const { return directory_ + "/state"; }
  std::string config_path() const { return directory_ + "/quietleaks.toml"; }
  std::string program() const { return directory_ + "/quietleaks-web"; }  // a copy, which may be replaced
  void write_config(const std::string& end = {}) const;                   // `end`: TOML
  void set_api_workers(int workers);                                      // in the file

  std::string log() const;                     // what web has logged so far
  int logged(const std::string& event) const;  // how often

 private:
  void make_unresponsive_database();

  Options options_;
  std::string directory_;
  Process web_;
  NginxProcess nginx_;
  int database_ = -1;
};

}  // namespace faults
