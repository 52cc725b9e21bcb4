// People who follow links: some connections at a steady pace, every request with a referrer of its own, so that each
// can be found among the clicks. All that was sent and answered is kept, for the ledger.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/faults/click_instance.hpp"

namespace faults {

struct Visit {
  long number = 0;  // referrer host "rNUMBER.example"; of one instance no two are the same
  std::size_t link = 0;
  int status = 0;        // 0: no answer
  bool right = false;    // a 302 to the link's destination, and an X-Request-Id
  std::string id;        // X-Request-Id, as it came
  std::string error;     // what was wrong, in a word
  Clock::time_point at;  // when it was sent
  double milliseconds = 0;
};

struct VisitorOptions {
  int connections = 6;
  int pause_ms = 4;                // of each connection, after each answer
  bool fresh_connections = false;  // for each request: then the client itself never sends one twice
  bool unknown_links = false;      // those that the link map does not know, each visit from an address of its own
};

class Visitors {
 public:
  explicit Visitors(const ClickInstance& instance, VisitorOptions options = {});
  ~Visitors();
  Visitors(const Visitors&) = delete;
  Visitors& operator=(const Visitors&) = delete;

  void pause();  // returns when nothing is in flight
  void resume();
  long sent() const { return next_ - first_; }

  std::vector<Visit> take();  // those that have ended since the last time
  std::vector<Visit> stop();  // the rest, after the requests in flight have ended

 private:
  void visitor();
  Visit follow(class VisitorConnection& connection);
  std::size_t choose_link(long number) const;

  const ClickInstance& instance_;
  const VisitorOptions options_;
  static std::atomic<long> next_;
  const long first_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> paused_{false};
  std::atomic<int> in_flight_{0};
  std::mutex mutex_;
  std::vector<Visit> visits_;
  std::vector<std::thread> threads_;
};

double percentile_ms(std::vector<Visit> visits, double share);
std::map<std::string, long> failures(const std::vector<Visit>& visits);  // by what was wrong

}  // namespace faults
