// Affiliate programs, with their hosts and parameters. The operator's; migration 0006 brings the well-known ones.
#pragma once

#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

class Programs {
 public:
  explicit Programs(Session& session) : session_(session) {}

  std::vector<Program> all();          // by name, their hosts likewise
  void store(const Program& program);  // new, or in the place of the one of that name; its hosts are taken from others
  bool remove(const std::string& name);  // false: there is none; links keep the name

 private:
  Session& session_;
};

}  // namespace db
