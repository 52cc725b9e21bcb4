// Requests wait here until their host may be asked. How often that is, all monitors settle together in the database:
// this one asks there for turns, for many hosts at once, and gives them back. Knows no database; one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/check/fetcher.hpp"
#include "db/host_turns.hpp"

namespace monitor {

using Clock = std::chrono::steady_clock;

class Politeness : public check::Gate {
 public:
  // most_waiting: for one host; then nobody else shall begin with it.
  explicit Politeness(std::size_t most_waiting = 6) : most_waiting_(most_waiting) {}

  void enter(const std::string& host, std::function<void()> go) override;
  void leave(const std::string& host) override;
  // Twice as many wait, or it wants to be left alone for long. Twice: those who go on at the host that they began with
  // must never find it so, or nobody would come to an end there.
  bool crowded(const std::string& host) const override;
  bool busy(const std::string& host) const;  // for who would begin with it

  // What to ask the database for now. Each host's answer is to be brought to grant() before it is wanted again.
  std::vector<db::HostWish> wanted(Clock::time_point now);
  // Calls those who waited. Turns that nobody waits for any more are given back.
  void grant(const std::vector<db::HostGrant>& grants, Clock::time_point now);
  // The database did not answer: all are wanted again.
  void ask_again();
  std::vector<db::HostReturn> take_returned();

  std::size_t waiting(const std::string& host) const;
  std::chrono::milliseconds until_open(const std::string& host, Clock::time_point now) const;  // as far as is known
  Clock::time_point next_wish() const;  // when wanted() has something, if nobody comes before; max(): not

 private:
  struct Queue {
    std::deque<std::function<void()>> waiting;
    bool asked = false;
    Clock::time_point not_before{};
  };

  const std::size_t most_waiting_;
  std::unordered_map<std::string, Queue> queues_;  // of hosts that somebody waits for
  std::unordered_map<std::string, int> returned_;
};

}  // namespace monitor
