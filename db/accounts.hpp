// Accounts and plans.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

class Accounts {
 public:
  explicit Accounts(Session& session) : session_(session) {}

  Account add(const std::string& name,
              const std::string& plan);  // ErrorKind::invalid: no such plan, bad name; conflict: name taken
  Uuid sign_up(const std::string& name, const std::string& plan);  // the same, with the web's rights
  std::optional<Account> find(const std::string& name_or_id);
  std::vector<Account> list();
  bool set_plan(const Uuid& account_id, const std::string& plan);  // heard by every worker within a second
  bool set_fallback_url(const Uuid& account_id, const std::optional<std::string>& url);  // redirects follow likewise
  std::vector<Plan> plans();
  std::optional<PlanService> service_of(const std::string& plan);

 private:
  Session& session_;
};

}  // namespace db
