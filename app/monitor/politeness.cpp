#include "app/monitor/politeness.hpp"

#include <algorithm>
#include <utility>

namespace monitor {
namespace {

constexpr std::chrono::seconds kLongPause{10};

}  // namespace

void Politeness::enter(const std::string& host, std::function<void()> go) {
  queues_[host].waiting.push_back(std::move(go));
}

void Politeness::leave(const std::string& host) {
  ++returned_[host];
}

std::vector<db::HostWish> Politeness::wanted(Clock::time_point now) {
  std::vector<db::HostWish> wanted;
  for (auto& [host, queue] : queues_) {
    if (queue.asked || now < queue.not_before) continue;
    queue.asked = true;
    wanted.push_back({host, static_cast<int>(queue.waiting.size())});
  }
  return wanted;
}

void Politeness::grant(const std::vector<db::HostGrant>& grants, Clock::time_point now) {
  for (const auto& [host, count, again_ms] : grants) {
    const auto at = queues_.find(host);
    std::vector<std::function<void()>> called;
    if (at != queues_.end()) {
      auto& queue = at->second;
      while (called.size() < static_cast<std::size_t>(count) && !queue.waiting.empty()) {
        called.push_back(std::move(queue.waiting.front()));
        queue.waiting.pop_front();
      }
      queue.asked = false;
      queue.not_before = now + std::chrono::milliseconds(again_ms);
      if (queue.waiting.empty()) queues_.erase(at);
    }
    if (const int left = count - static_cast<int>(called.size()); left > 0) returned_[host] += left;
    for (const auto& go : called) go();  // at the end: it may come back to enter()
  }
}

void Politeness::ask_again() {
  for (auto& [host, queue] : queues_) queue.asked = false;
}

std::vector<db::HostReturn> Politeness::take_returned() {
  std::vector<db::HostReturn> returned;
  for (const auto& [host, count] : std::exchange(returned_, {})) returned.push_back({host, count, 0});
  return returned;
}

std::size_t Politeness::waiting(const std::string& host) const {
  const auto at = queues_.find(host);
  return at == queues_.end() ? 0 : at->second.waiting.size();
}

std::chrono::milliseconds Politeness::until_open(const std::string& host, Clock::time_point now) const {
  const auto at = queues_.find(host);
  if (at == queues_.end()) return std::chrono::milliseconds(0);
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(at->second.not_before - now),
                  std::chrono::milliseconds(0));
}

bool Politeness::busy(const std::string& host) const {
  return waiting(host) >= most_waiting_ || until_open(host, Clock::now()) > kLongPause;
}

bool Politeness::crowded(const std::string& host) const {
  return waiting(host) >= 2 * most_waiting_ || until_open(host, Clock::now()) > kLongPause;
}

Clock::time_point Politeness::next_wish() const {
  auto next = Clock::time_point::max();
  for (const auto& [host, queue] : queues_)
    if (!queue.asked) next = std::min(next, queue.not_before);
  return next;
}

}  // namespace monitor
