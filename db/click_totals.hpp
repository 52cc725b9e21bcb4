// What a batch of clicks adds to the counters, link by link and day by day.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include "db/model.hpp"
#include "db/prepared.hpp"

namespace db {

class Session;

// Links that exist and are locked until the transaction's end: account and id, and whether the counter of 30 days holds
// today, so that it can be added to.
using AccountLink = std::pair<Uuid, Uuid>;
using LockedLinks = std::map<AccountLink, bool>;

LockedLinks lock_links(Session& session, const std::map<AccountLink, std::int64_t>& links, DayNumber today);

// Sums the 30 days of these anew.
void sum_window(Session& session, const LockedLinks& links, DayNumber today);

class ClickTotals {
 public:
  void add(DayNumber day, const Result& new_clicks);  // rows of insert_clicks()
  std::int64_t clicks() const { return clicks_; }

  // Within a transaction. Returns how many of the clicks were of links that are no more.
  std::int64_t store(Session& session, DayNumber today) const;

 private:
  struct Counts {
    std::int64_t humans = 0;
    std::int64_t bots = 0;
    std::int64_t uniques = 0;
  };

  void add_to_days(Session& session, const LockedLinks& locked) const;
  LockedLinks add_to_links(Session& session, DayNumber today) const;

  std::map<std::pair<AccountLink, DayNumber>, Counts> days_;
  std::map<AccountLink, std::int64_t> links_;  // clicks of each
  std::int64_t clicks_ = 0;
};

}  // namespace db
