#include "tests/e2e/key_rounds.hpp"

#include <thread>
#include <vector>

namespace e2e {

int KeyRounds::count(const std::string& key, int status) {
  const std::vector<support::Call> calls(kSize, support::get("/api/v1/links?limit=1", key));
  int count = 0;
  for (const auto& reply : client_.burst(calls, kSize)) count += reply.status == status;
  return count;
}

double KeyRounds::seconds_until_all(const std::string& key, int status, Clock::time_point start) {
  while (seconds_since(start) < 5) {
    const double began = seconds_since(start);
    if (count(key, status) == kSize) return began;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return seconds_since(start);
}

double seconds_since(KeyRounds::Clock::time_point start) {
  return std::chrono::duration<double>(KeyRounds::Clock::now() - start).count();
}

}  // namespace e2e
