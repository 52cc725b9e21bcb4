// Remembers which keys were used, so that last_used_at can be written later and seldom: never while a client waits, and
// at most once a minute for a key.
#pragma once

#include <unordered_map>
#include <vector>

#include "db/database.hpp"

namespace web {

class KeyUsage {
 public:
  explicit KeyUsage(std::size_t most_keys) : most_keys_(most_keys) {}

  void note(const db::KeyIdentity& identity, db::UnixSeconds now);

  // Writes what has come together, if the worker is idle or the oldest note has waited ten seconds. A failed write is
  // dropped: the next use notes the key again. Throws db::Error.
  void flush(db::Database& database, bool idle, db::UnixSeconds now);

 private:
  struct HashUuid {
    std::size_t operator()(const db::Uuid& id) const;
  };

  std::size_t most_keys_;
  std::unordered_map<db::Uuid, db::UnixSeconds, HashUuid> noted_at_;
  std::vector<db::KeyUse> pending_;
};

}  // namespace web
