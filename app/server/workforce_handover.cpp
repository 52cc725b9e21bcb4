// What one image of the master tells the next of its workers.
#include <algorithm>

#include <fcntl.h>

#include "app/server/workforce.hpp"

namespace server {

void Workforce::adopt(const std::vector<Handover::Child>& children) {
  const base::Micros now = base::monotonic_micros();
  for (const auto& inherited : children) {
    const auto pool =
        std::find_if(pools_.begin(), pools_.end(), [&](const Pool& p) { return p.name == inherited.pool; });
    Child child;
    child.pid = inherited.pid;
    child.channel = Fd(inherited.channel);
    child.pool = static_cast<std::size_t>(pool - pools_.begin());
    child.index = inherited.index;
    child.slot = inherited.slot;
    child.stage = Stage::ready;
    child.replaced = true;
    child.started = inherited.started;
    child.last_heard = now;
    if (pool == pools_.end()) {  // a pool that this image does not have
      child.pool = 0;
      child.index = 0;
    }
    children_.push_back(std::move(child));
  }
}

std::vector<Handover::Child> Workforce::children() const {
  std::vector<Handover::Child> all;
  for (const auto& child : children_)
    all.push_back({child.pid, child.channel.get(), child.slot, child.index, child.started, pools_[child.pool].name});
  return all;
}

void Workforce::keep_channels_on_exec(bool keep) const {
  for (const auto& child : children_) fcntl(child.channel.get(), F_SETFD, keep ? 0 : FD_CLOEXEC);
}

}  // namespace server
