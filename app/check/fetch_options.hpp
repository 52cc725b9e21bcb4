// How destinations are fetched.
#pragma once

#include <string>
#include <vector>

#include "app/check/address_guard.hpp"
#include "app/check/record.hpp"

namespace check {

struct FetchOptions {
  std::string user_agent;   // empty: a current browser's
  std::string cacert_file;  // certificate authorities; empty: the system's
  AddressGuard guard;
  std::vector<std::string> resolve;  // HOST:PORT:ADDRESS[,ADDRESS...], as curl's; the host "*" is any
  int max_redirects = 10;
  std::size_t max_body_bytes = 1 << 20;
  Milliseconds timeout{20'000};  // of a whole chain
};

}  // namespace check
