// When a verdict is believed: a single transient changes nothing, and neither does flapping. Pure; the schedule's clock
// is somebody else's.
#pragma once

#include <optional>

#include "app/check/verdict.hpp"

namespace check {

// What was seen instead of the link's status in the last checks that concluded something, and how often in a row.
struct Suspicion {
  std::optional<db::LinkStatus> status;  // none: nothing is suspected
  std::optional<FailureMode> mode;
  int times = 0;

  bool operator==(const Suspicion&) const = default;
};

struct Belief {
  db::LinkStatus status = db::LinkStatus::pending;
  Suspicion suspicion;
};

enum class Next : std::uint8_t {
  on_schedule,  // as the plan says
  soon,         // a quick re-check
  later         // nothing was concluded while something is suspected: try again before the schedule does
};

struct Conclusion {
  bool believed = false;  // the link's status and failure mode are from now on the verdict's
  Suspicion suspicion;    // afterwards
  Next next = Next::on_schedule;
};

// A status other than the link's needs two re-checks that say the same, and one if the verdict is permanent (404, 410).
// The first check of a link that is well needs none: its status was unknown. The mode alone may change at once.
Conclusion conclude(const Belief& belief, const Verdict& verdict);

}  // namespace check
