// What happened to an account's links and keys. Written by triggers alone (migration 0005).
#pragma once

#include <optional>
#include <string>

#include "db/model.hpp"

namespace db {

class Session;

struct EventQuery {
  Uuid account_id{};
  std::optional<std::string> type = {};     // of this type alone
  std::optional<Uuid> link_id = {};         // of this link alone
  std::optional<std::int64_t> after = {};   // seq > after
  std::optional<std::int64_t> before = {};  // seq < before
  bool oldest_first = false;
  int limit = 100;  // 1..500
};

class Events {
 public:
  explicit Events(Session& session) : session_(session) {}

  EventPage page(const EventQuery& query);
  std::int64_t last_seq(const Uuid& account_id);  // what a page's would be now; 0: none yet

 private:
  Session& session_;
};

}  // namespace db
