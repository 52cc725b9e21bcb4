#include "app/monitor/connectivity.hpp"

#include <algorithm>

namespace monitor {
namespace {

using namespace std::chrono_literals;
using check::Ending;

constexpr std::size_t kManyHosts = 5;
constexpr auto kSilence = 10s;  // after the last answer; then that many silent hosts are suspicious

}  // namespace

bool Connectivity::unreachable(const check::Record& record) {
  return record.ending == Ending::resolver_failed || record.ending == Ending::connect_failed ||
         record.ending == Ending::tls_failed ||  // a clock that is wrong, old certificates, a box in between
         (record.ending == Ending::timed_out && !record.hops.back().http_status);
}

bool Connectivity::reached(const check::Record& record) {
  return std::any_of(record.hops.begin(), record.hops.end(), [](const check::Hop& hop) { return hop.http_status; });
}

void Connectivity::note(const check::Record& record, const std::string& host, Time now) {
  if (reached(record)) {
    silent_.clear();
    answered_ = now;
  } else if (unreachable(record) && silent_.size() < kManyHosts) {
    silent_.insert(host);
  }
}

bool Connectivity::doubts(const check::Record& record, Time now) const {
  if (!unreachable(record)) return false;
  if (record.ending == Ending::resolver_failed) return true;
  return silent_.size() >= kManyHosts && now - answered_ > kSilence;
}

}  // namespace monitor
