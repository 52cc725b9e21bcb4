// What must hold for every reply of the product, whatever was asked.
#pragma once

#include <string>
#include <vector>

#include "tests/support/https_client.hpp"

namespace e2e {

// The breaches found, in words; empty if there are none. `tls`: the reply came over TLS.
std::vector<std::string> breaches(const support::Call& call, const support::Reply& reply, const std::string& public_url,
                                  bool tls = true);

// The five rate headers, which come together or not at all.
struct RateFields {
  bool present = false;
  std::string breach;  // what is wrong with them; empty: nothing
  int quota = 0;
  int remaining = 0;
  int reset_s = 0;
};
RateFields rate_fields(const support::Reply& reply);

}  // namespace e2e
