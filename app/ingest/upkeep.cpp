#include "app/ingest/upkeep.hpp"

#include "app/base/log.hpp"

namespace ingest {
namespace {

constexpr int kDaysAhead = 7;  // an outage of the schema's owner must not stop counting
constexpr int kCountersAtOnce = 1000;
constexpr int kPartitionsAtOnce = 4;            // each waits for whoever reads clicks
constexpr base::Micros kEvery = 3'600'000'000;  // plans change, and new partitions are soon wanted then

}  // namespace

bool Upkeep::step(db::Clicks& clicks, base::Micros now, db::UnixSeconds time) {
  const db::DayNumber today = base::day_number(time);
  if (today != day_ || now >= again_at_) {
    day_ = today;
    again_at_ = now + kEvery;
    next_ = Task::partitions;
  }
  switch (next_) {
    case Task::partitions:
      clicks.ensure_partitions(today, kDaysAhead);
      next_ = Task::counters;
      return true;
    case Task::counters:
      if (clicks.roll(today, kCountersAtOnce) < kCountersAtOnce) next_ = Task::old_clicks;
      return true;
    case Task::old_clicks:
      if (const int dropped = clicks.drop_old_partitions(today, kPartitionsAtOnce); dropped > 0)
        base::log::info("old_clicks_dropped", {{"partitions", std::int64_t{dropped}}});
      else
        next_ = Task::none;
      return next_ != Task::none;
    case Task::none:
      return false;
  }
  return false;
}

}  // namespace ingest
