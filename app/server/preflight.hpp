// What a configuration asks of this machine, tried before it is taken: at a first start, by --check-config, and so by
// the child that a reload sends ahead, because a master that has replaced its image can only go on or die.
#pragma once

#include "app/base/config.hpp"
#include "app/server/handover.hpp"

namespace server {

// `running`: what the running master would hand over; empty if there is none, or it does not matter. Leaves nothing
// behind. Throws std::runtime_error with a message for the operator.
void preflight(const base::Config& config, const Handover& running);

}  // namespace server
