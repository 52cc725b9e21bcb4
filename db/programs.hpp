// The affiliate programs that links are recognised by. Few and read whole.
#pragma once

#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

// The owner's rights are needed for changes. They throw Error: conflict (programs_name_key, program_hosts_pkey) for
// what is there already, invalid for what breaks a rule of migration 0007. Names are found whatever their letter case.
class Programs {
 public:
  explicit Programs(Session& session) : session_(session) {}

  // By name; one round trip.
  std::vector<Program> all();

  void add(const Program& program);
  bool set_parameters(const Program& program);  // false: there is none of that name; its hosts are not looked at
  bool add_hosts(const std::string& name, const std::vector<std::string>& hosts);  // all or none; false likewise
  bool remove(const std::string& name);  // links keep its name; false: there is none
  bool remove_host(const std::string& host);

 private:
  Session& session_;
};

}  // namespace db
