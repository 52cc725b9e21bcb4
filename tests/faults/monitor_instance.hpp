// Monitors as an operator runs them, on a database of their own, and the shops that they check.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/faults/process.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/shop_server.hpp"

namespace faults {

struct MonitorSettings {
  int host_gap_ms = 0;
  int requests_per_host = 2;
  int timeout_s = 1;  // leases last a few times as long
  int checks_at_once = 64;
  int slow_after_ms = 500;
  std::string more{};  // lines of the table [monitor]
};

class MonitorInstance {
 public:
  explicit MonitorInstance(support::ShopServer::Answer answer, const MonitorSettings& settings = {});
  ~MonitorInstance();

  support::ShopServer& shops() { return shops_; }
  std::string sql(const std::string& statement) const { return database_.sql(statement); }
  Process start() const;  // one more monitor
  std::string log() const { return slurp(log_); }

  // A link of the account "Shops"; its slug is its name.
  void add(const std::string& name, const std::string& url) const;
  std::string status(const std::string& name) const;                             // "broken not_found", "healthy"
  std::string check(const std::string& name, const std::string& columns) const;  // of its last check
  void all_due() const;                                                          // those that wait for their schedule

 private:
  support::ShopServer shops_;
  support::TestDatabase database_;
  std::string directory_, log_;
};

}  // namespace faults
