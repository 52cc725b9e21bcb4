// The master process: owns sockets, lock and shared memory, keeps the workers at strength, and replaces itself by a new
// image on SIGHUP. Serves no request and touches no shared memory after it is made, so that nothing a worker does can
// bring it down.
//
// Signals: TERM, INT, QUIT finish what is in flight and stop (INT again: at once); HUP loads configuration and program
// anew without losing a request.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/base/config.hpp"
#include "app/server/companion.hpp"
#include "app/server/config_check.hpp"
#include "app/server/fd.hpp"
#include "app/server/handover.hpp"
#include "app/server/shared_memory.hpp"
#include "app/server/worker_process.hpp"
#include "app/server/workforce.hpp"

namespace server {

class Master {
 public:
  // `config_path` and `program` (argv[0]) are what a reload will use. Takes over from an earlier image of this process
  // if there was one. Throws std::runtime_error with a message for the operator.
  Master(base::Config config, const std::string& config_path, const std::string& program, Companion companion);

  int run();  // until it is told to stop; the exit code

 private:
  struct Listener {
    std::string path;
    Fd socket;
  };

  Fd take_lock();
  std::vector<Listener> make_listeners();
  std::vector<Workforce::Pool> pools() const;
  int run_worker(const Post& post);

  void wait();
  int milliseconds_to_next_duty() const;
  void heed_signals();
  void reap();
  void report_progress();
  void begin_stop();
  void feed_watchdog();

  void reload_if_wanted();
  void finish_check(int wait_status);
  void refuse_reload(const std::string& why);
  void execute_anew();
  void keep_on_exec(bool keep) const;
  Handover handover() const;
  bool owns_run_dir() const;
  void leave_nothing_behind() const;

  const base::Config config_;
  const std::string config_path_;
  Handover inherited_;  // empty at a first start
  const std::string program_;
  const Companion companion_;
  const std::optional<Identity> identity_;
  Fd lock_;
  std::vector<Listener> listeners_;
  SharedMemory memory_;
  Workforce workforce_;

  std::optional<ConfigCheck> check_;  // a reload is being tried
  bool reload_wanted_ = false;
  bool stopping_ = false;
  bool announced_ = false;       // the service manager knows that we are ready
  base::Micros patience_until_;  // a reload waits for the last one, but not for ever
  base::Micros watchdog_period_;
  base::Micros next_watchdog_ = 0;
};

}  // namespace server
