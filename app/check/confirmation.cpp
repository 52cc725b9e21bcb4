#include "app/check/confirmation.hpp"

namespace check {
namespace {

int sightings_needed(const Belief& belief, const Verdict& verdict) {
  if (belief.status == db::LinkStatus::pending && verdict.status != db::LinkStatus::broken) return 1;
  return verdict.permanent ? 2 : 3;
}

}  // namespace

Conclusion conclude(const Belief& belief, const Verdict& verdict) {
  if (!verdict.status)
    return {.believed = false,
            .suspicion = belief.suspicion,
            .next = belief.suspicion.status ? Next::later : Next::on_schedule};
  if (verdict.status == belief.status) return {.believed = true, .suspicion = {}, .next = Next::on_schedule};

  // Broken in one way and then in another is broken all the same.
  const int times = belief.suspicion.status == verdict.status ? belief.suspicion.times + 1 : 1;
  if (times >= sightings_needed(belief, verdict)) return {.believed = true, .suspicion = {}, .next = Next::on_schedule};
  return {.believed = false,
          .suspicion = {.status = verdict.status, .mode = verdict.failure_mode, .times = times},
          .next = Next::soon};
}

}  // namespace check
