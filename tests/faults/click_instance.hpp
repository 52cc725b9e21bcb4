// A whole instance for the money path: PostgreSQL (the test program's own cluster), quietleaks-web with its go workers
// and clicks process, nginx with TLS; each part to be stopped, killed and started for itself.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shm/scoreboard.hpp"
#include "tests/faults/nginx_process.hpp"
#include "tests/faults/process.hpp"
#include "tests/faults/web_instance.hpp"
#include "tests/support/postgres.hpp"

namespace faults {

struct ClickOptions {
  int go_workers = 2;
  int links = 20;
  int unknown_links = 0;  // more, at the end of links(), that the link map never hears of: the bulk pool looks them up
  std::string durability = "process";
  int state_mib = 0;  // a file system of this size for the state directory (root only); 0: none of its own
  std::string database_folder = {};       // of the socket that the clicks process connects to; empty: PostgreSQL's own
  std::string settings = {};              // more TOML, at the end
  Process::Environment environment = {};  // of quietleaks-web, nginx and the operator's program
};

struct Link {
  std::string id;
  std::string slug;
  std::string url;
};

class ClickInstance {
 public:
  explicit ClickInstance(ClickOptions options = {});  // everything runs, and the link map is complete
  ~ClickInstance();
  ClickInstance(const ClickInstance&) = delete;
  ClickInstance& operator=(const ClickInstance&) = delete;

  void start_web();  // until all its workers are ready
  void stop_web();   // TERM
  void kill_web();   // SIGKILL to the master; returns when all of its children are gone
  void start_nginx() { nginx_.start(); }
  void kill_nginx() { nginx_.kill(); }      // SIGKILL to all its processes
  void reload() const;                      // HUP to quietleaks-web
  bool wait_for_map(double seconds) const;  // it holds all links, and is known to be true from now on

  pid_t master() const { return web_.pid(); }
  pid_t nginx() const { return nginx_.pid(); }
  std::vector<pid_t> workers(const std::string& pool) const;  // "go", "bulk", "api": those in office or leaving
  pid_t fresh_worker(const std::string& pool) const;  // after a kill of all of the pool: one that has done nothing yet
  pid_t clicks_process() const;                       // the youngest; -1: none
  bool complete() const;                              // as many workers as configured, and a clicks process

  void have_map_rebuilt() const;                 // as if what changed since could not be told
  std::string add_link(const Link& link) const;  // straight into the tables; its id

  const ClickOptions& options() const { return options_; }
  const std::vector<Link>& links() const { return links_; }
  const support::TestDatabase& database() const { return database_; }
  const std::string& account() const { return account_; }
  const std::string& base_url() const { return nginx_.base_url(); }
  const std::string& directory() const { return directory_; }
  std::string ca_file() const { return nginx_.ca_file(); }
  std::string state_dir() const { return directory_ + "/state"; }
  std::string journal_dir() const { return state_dir() + "/journal"; }

  std::string log() const { return slurp(directory_ + "/log/web.log"); }
  int logged(const std::string& event) const;

  // The clicks process in its first moment: the one there was is killed, and its successor does nothing before `look`
  // at it is over, because the lock of the state directory is held until then. Returns its process id.
  pid_t fresh_clicks_process(const std::function<void(pid_t)>& look) const;

  // A sum over all workers of what the scoreboard counts.
  std::uint64_t on_scoreboard(std::atomic<std::uint64_t> shm::WorkerSlot::*counter) const;

  std::int64_t unflushed() const;  // records in segments that the database does not have; throws without a database
  std::int64_t repeated() const;   // requests that were journalled twice, since the master started
  bool drained(double seconds) const;
  int recount(std::string& output) const;  // `quietleaks clicks recount`: its exit code

 private:
  void make_links();
  void make_unknown_links();
  std::string insert_of(const Link& link) const;
  void write_config() const;
  void mount_state_dir() const;

  ClickOptions options_;
  support::TestDatabase database_;
  std::string directory_;
  std::string account_;
  std::vector<Link> links_;
  Process web_;
  NginxProcess nginx_;
};

}  // namespace faults
