// Asks with one key until every worker has answered, to see how soon all of them know what became of it.
#pragma once

#include <chrono>
#include <string>

#include "tests/e2e/shared_stack.hpp"

namespace e2e {

class KeyRounds {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr int kSize = 32;  // four connections for each worker, so that each of the 8 is asked in every round

  // From an address of the caller's own: rejected keys are limited by address.
  explicit KeyRounds(const std::string& local_address)
      : client_(stack().base_url(), stack().ca_file(), local_address) {}

  int count(const std::string& key, int status);  // how many of one round were answered with it

  // Rounds until all answers have this status; the seconds from `start` until the first such round began. Gives up
  // after 5.
  double seconds_until_all(const std::string& key, int status, Clock::time_point start = Clock::now());

 private:
  support::HttpsClient client_;
};

double seconds_since(KeyRounds::Clock::time_point start);

}  // namespace e2e
