// The database's side of the monitor, on a thread of its own, so that fetching never waits for it: brings links that
// are due, records what was seen, asks for turns at hosts. While the database is away, results wait here.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "app/base/config.hpp"
#include "db/checks.hpp"
#include "db/host_turns.hpp"
#include "db/model.hpp"
#include "db/monitors.hpp"

namespace monitor {

// What the checker puts on the desk.
struct Outgoing {
  std::vector<db::CheckResult> results;
  std::vector<db::Checks::Postponed> postponed;
  std::vector<db::HostReturn> returned;
  std::vector<db::HostWish> wishes;
  std::optional<int> room;                  // links that it could begin with now; none: as it said before
  std::optional<db::MonitorReport> report;  // replaces the one before

  // Of what must not get lost.
  bool empty() const { return results.empty() && postponed.empty() && returned.empty() && wishes.empty(); }
  void add(Outgoing&& other);
};

// What it finds there.
struct Incoming {
  std::vector<db::DueLink> links;
  std::vector<db::HostGrant> grants;
  bool wishes_lost = false;                                  // the database did not answer: ask again
  std::shared_ptr<const std::vector<db::Program>> programs;  // anew; null: as before
  std::int64_t recorded = 0;                                 // checks since the last time
};

class Desk {
 public:
  // Starts the thread; throws if there is no descriptor for it.
  explicit Desk(const base::Config& config);
  ~Desk();  // ends it at once; links that are held come due by themselves
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  void put(Outgoing&& outgoing);  // added to what lies there
  Incoming take();
  int event_fd() const { return event_; }  // readable when there is something to take

  // Records what lies there and gives back what is held; false: the database did not let it, in this time.
  bool finish(std::chrono::milliseconds at_most);

 private:
  class Work;

  void run();
  void publish(Incoming&& incoming);

  const base::Config config_;
  const int event_;
  std::mutex mutex_;
  std::condition_variable wake_, settled_;
  Outgoing out_;
  Incoming in_;
  bool over_ = false, finishing_ = false;
  bool fresh_ = false;  // something was put there that the thread has not seen
  bool idle_ = false;   // the thread has nothing left
  std::thread thread_;  // at the end: it uses the others
};

}  // namespace monitor
