// The master's view of its workers: who sits where, who is ready, whom to start, relieve, abort. Forks and kills; knows
// nothing of sockets, shared memory or reloads beyond the numbers that it passes on.
//
// Every pool has seats 1..N. A seat has one holder, and at times a predecessor that goes on serving until the holder is
// ready, and is then told to stop: so a retiring worker and a reload cost no capacity. Adopted children of an earlier
// image of the master are predecessors.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <poll.h>
#include <sys/types.h>

#include "app/base/clock.hpp"
#include "app/base/config.hpp"
#include "app/server/channel.hpp"
#include "app/server/fd.hpp"
#include "app/server/handover.hpp"
#include "app/server/respawn.hpp"
#include "app/server/worker_process.hpp"

namespace server {

class Workforce {
 public:
  struct Pool {
    std::string name;
    const base::PoolConfig* settings = nullptr;
    int listener = -1;         // none: nobody talks to its worker
    bool leaves_last = false;  // at the end it is told to stop when all others have left
  };
  using Run = std::function<int(const Post&)>;  // in the child; returns its exit code

  Workforce(std::vector<Pool> pools, base::Micros stop_timeout, Run run);

  void adopt(const std::vector<Handover::Child>& children);
  std::vector<Handover::Child> children() const;
  void keep_channels_on_exec(bool keep) const;

  void work();                            // whatever is due: forks, relief, aborts, kills
  bool reap(pid_t pid, int wait_status);  // false: not one of ours
  void hear(const std::vector<pollfd>& polled);
  void listen_to_all(std::vector<pollfd>& polled) const;  // appends a channel for each child

  void stop();  // SIGTERM to all, SIGKILL after the stop time-out; nothing is started any more
  void kill_all();

  bool settled() const;  // every seat's holder is ready, and all predecessors have left
  bool empty() const { return children_.empty(); }
  int ready_workers() const;
  base::Micros next_duty() const;  // when work() has something to do without an event

 private:
  enum class Stage { starting, ready, told_to_stop, aborting, killed };
  struct Child {
    pid_t pid = 0;
    Fd channel;
    std::size_t pool = 0;
    int index = 0;
    int slot = 0;
    Stage stage = Stage::starting;
    bool replaced = false;  // a predecessor
    base::Micros started = 0;
    base::Micros last_heard = 0;
    base::Micros deadline = 0;  // of the stages told_to_stop and aborting
  };
  struct Seat {
    std::size_t pool = 0;
    int index = 0;
    pid_t holder = 0;      // 0: empty
    base::Micros due = 0;  // an empty seat is filled then
    int slot = -1;         // of its last holder: the next one goes on counting there
    Respawn respawn;
  };

  void fill(Seat& seat);
  void become_worker(const Seat& seat, int slot, Fd channel, pid_t master);
  void hear(Child& child);
  void follow(Word word, Child& child);
  void relieve_predecessors();
  void tell_to_stop(Child& child, base::Micros deadline);
  void dismiss();
  void supervise(Child& child, base::Micros now);
  void empty_seat(Seat& seat, const Child& child, base::Micros now);
  void log_end(const Child& child, int wait_status) const;
  int free_slot(int preferred) const;
  base::Micros silence_limit(const Child& child) const;
  Seat* seat_of(const Child& child);
  Child* find(pid_t pid);
  bool holder_ready(const Seat& seat) const;
  bool all_holders_ready() const;
  std::string name(const Child& child) const;

  std::vector<Pool> pools_;
  base::Micros stop_timeout_;
  Run run_;
  std::vector<Seat> seats_;
  std::vector<Child> children_;
  bool stopping_ = false;
  base::Micros stop_deadline_ = 0;
};

}  // namespace server
