// One whole private instance for a test program: nginx with TLS, quietleaks-web and PostgreSQL with the demo accounts,
// started and stopped by scripts/run, so that every suite which uses it also proves `make run`.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "db/database.hpp"

namespace support {

struct StackOptions {
  int workers = 8;                                 // of the api pool
  std::map<std::string, std::string> environment;  // more settings for scripts/run and the programs (QL_…)
};

struct IssuedKey {
  std::string secret;
  std::string id;  // uuid, for `quietleaks key revoke`
};

class Stack {
 public:
  static constexpr const char* kDemoAccount = "Demo Agency";
  static constexpr const char* kOtherAccount = "Other Agency";
  static constexpr const char* kFreeAccount = "Free Publisher";

  explicit Stack(StackOptions options = {});  // throws std::runtime_error with scripts/run's output
  ~Stack();                                   // stops all of it; the state directory goes unless QL_KEEP_STATE is set
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  std::string base_url() const { return setting("QL_BASE_URL"); }
  std::string http_base_url() const { return setting("QL_HTTP_BASE_URL"); }
  std::string ca_file() const { return setting("QL_CA_CERT"); }
  std::string database_url() const { return setting("QL_DATABASE_URL"); }
  std::string setting(const std::string& name) const;  // of demo.env; throws if absent
  const std::string& state() const { return state_; }

  // A new key of an account, by the shortest way: limits start afresh with it.
  IssuedKey new_key(const std::string& account = kDemoAccount, std::int64_t expires_at = 0,
                    db::Scope scope = db::Scope::read);
  void revoke(const std::string& account, const IssuedKey& key);

  // Somebody who may sign in with `password`, and the cookie's value of a new session of theirs: by the shortest way.
  db::User new_user(const std::string& email, const std::string& password, const std::string& account = kDemoAccount);
  std::string new_session(const db::User& user);

  // One value (first row, first column) as text, with the owner's rights.
  std::string sql(const std::string& statement);

  // The operator's command line against this instance; throws unless it ends with 0.
  std::string cli(std::vector<std::string> arguments);

  pid_t master_pid() const;
  std::vector<pid_t> worker_pids(const std::string& pool = "api") const;
  void reload() const;  // HUP to the master
  void stop_postgres() const;
  void start_postgres() const;  // returns when it accepts connections

  std::string logs() const;  // every log file of the instance, end to end

 private:
  void control_postgres(const std::string& action) const;

  std::string state_;
  std::string socket_;                              // of the api pool
  std::map<std::string, std::string> environment_;  // what scripts/run was started with
  std::map<std::string, std::string> settings_;     // demo.env
  std::unique_ptr<db::Database> database_;          // with the owner's rights
};

std::uint16_t free_port();  // on the loopback, free at this moment

}  // namespace support
