// The checker: links that are due go in, checks come out. One thread; it knows no database.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/base/config.hpp"
#include "app/check/confirmation.hpp"
#include "app/check/fetcher.hpp"
#include "app/check/verdict.hpp"
#include "app/monitor/connectivity.hpp"
#include "app/monitor/desk.hpp"
#include "app/monitor/politeness.hpp"

namespace monitor {

// Throws std::invalid_argument for an entry of a list in the settings that is none.
check::FetchOptions fetch_options(const base::Config::Monitor& settings);

class Checker {
 public:
  explicit Checker(const base::Config::Monitor& settings);

  int event_fd() const { return fetcher_.event_fd(); }                // readable when turn() has something to do
  Clock::time_point next() const { return politeness_.next_wish(); }  // the latest time for take_outgoing()
  void turn(Incoming&& incoming);
  Outgoing take_outgoing();

  std::size_t under_way() const { return links_.size(); }
  bool reaches_nobody() const { return doubting_; }
  void close() { closing_ = true; }  // what has not begun does not begin any more
  void give_up();                    // nor does anything else end: all are due again at once

 private:
  using Link = std::shared_ptr<const db::DueLink>;

  void begin();
  bool begin(const Link& link);
  void done(const Link& link, check::Record&& record, const check::Verdict& verdict);
  db::CheckResult result_of(const db::DueLink& link, const check::Record& record, const check::Verdict& verdict);
  std::chrono::milliseconds until_next(const db::DueLink& link, const check::Conclusion& conclusion);
  std::size_t most_waiting() const { return 2 * static_cast<std::size_t>(settings_.requests_per_host); }
  std::chrono::milliseconds appointment(const db::DueLink& link, const std::string& host);
  void postpone(const db::DueLink& link, std::chrono::milliseconds by);

  const base::Config::Monitor settings_;
  Politeness politeness_;
  check::Fetcher fetcher_;
  Connectivity connectivity_;
  std::shared_ptr<const std::vector<db::Program>> programs_;
  std::deque<Link> waiting_;                                   // for their time to begin
  std::map<db::Uuid, Link> links_;                             // under way, by link
  std::unordered_map<std::string, Clock::time_point> booked_;  // hosts that have enough to do until then
  Outgoing out_;
  std::mt19937_64 random_{std::random_device{}()};
  bool closing_ = false, doubting_ = false;
};

}  // namespace monitor
