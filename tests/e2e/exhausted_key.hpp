// Keys that a test used up, and when their Retry-After ends: the last test of the suite shows that they pass then, so
// that the minute goes by while the other tests run.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace e2e {

struct ExhaustedKey {
  std::string key;
  std::chrono::steady_clock::time_point passes_at;
};

std::vector<ExhaustedKey>& exhausted_keys();

}  // namespace e2e
