#include "app/web/rate_headers.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace web {
namespace {

constexpr std::int64_t kMicros = 1'000'000;

std::int64_t seconds_up(base::Micros duration) {
  return (duration + kMicros - 1) / kMicros;
}

base::Micros wall_micros() {
  using std::chrono::duration_cast, std::chrono::microseconds, std::chrono::system_clock;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

void append_rate_headers(std::vector<http::Header>& headers, const shm::Decision& decision, int quota) {
  const auto limit = std::to_string(quota);
  const auto remaining = std::to_string(decision.remaining);
  const auto wait = std::to_string(seconds_up(decision.reset_after));
  headers.emplace_back("RateLimit-Policy", "\"default\";q=" + limit + ";w=60");
  headers.emplace_back("RateLimit", "\"default\";r=" + remaining + ";t=" + wait);
  headers.emplace_back("X-RateLimit-Limit", limit);
  headers.emplace_back("X-RateLimit-Remaining", remaining);
  headers.emplace_back("X-RateLimit-Reset", std::to_string(seconds_up(wall_micros() + decision.reset_after)));
  if (!decision.allowed)
    headers.emplace_back("Retry-After", std::to_string(std::max<std::int64_t>(1, seconds_up(decision.reset_after))));
}

}  // namespace web
