// The promise, checked: answered 302s ⊆ counted clicks ⊆ requests sent; no request counted twice; counters = rows.
#pragma once

#include <string>
#include <vector>

#include "tests/faults/visitors.hpp"

namespace faults {

struct Verdict {
  long sent = 0;
  long answered = 0;  // with a 302
  long counted = 0;   // clicks in the database
  long lost = 0;      // answered and not counted: must be 0, like all that follow
  long twice = 0;     // clicks that share their id or their request with another
  long foreign = 0;   // clicks of no request that was sent
  long twisted = 0;   // counted with another link, or as a bot
  long days_wrong = 0;
  long sums_wrong = 0;       // clicks_30d
  std::int64_t left = 0;     // records that never came into the database
  int recount_exit = 0;      // of `quietleaks clicks recount`
  std::string recount_said;  // if it is not 0
  std::string difference;    // the first of what is wrong, one a line

  bool good() const;
  std::string counts() const;
  std::string summary() const { return counts() + difference; }

 private:
  friend class ClickLedger;
  void wrong(long& count, const std::string& what);

  int told_ = 0;
};

class ClickLedger {
 public:
  explicit ClickLedger(const ClickInstance& instance) : instance_(instance) {}

  void add(const std::vector<Visit>& visits);

  // Waits until all is flushed, at most `seconds`. `today` as SQL; the database's own if empty.
  Verdict check(double seconds = 60, const std::string& today = {}) const;

 private:
  void compare_rows(Verdict& verdict) const;
  void compare_counters(Verdict& verdict, const std::string& today) const;

  const ClickInstance& instance_;
  std::vector<Visit> visits_;
};

}  // namespace faults
