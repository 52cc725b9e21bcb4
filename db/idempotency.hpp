// What POSTs with an Idempotency-Key were answered, for 24 hours. All of it within Database::together(), together with
// what the request does.
#pragma once

#include <optional>
#include <string>

#include "db/model.hpp"

namespace db {

class Session;

struct IdempotencyKey {
  Uuid account_id{};
  Uuid key_id{};     // the API key: others may use the same word
  std::string word;  // 1..255 bytes
};

class Idempotency {
 public:
  explicit Idempotency(Session& session) : session_(session) {}

  // Holds the word until the transaction ends. False: another request is at it.
  bool take(const IdempotencyKey& key);

  std::optional<StoredAnswer> find(const IdempotencyKey& key);

  // Replaces one that is older than 24 hours, and clears away a few others that are.
  void store(const IdempotencyKey& key, const StoredAnswer& answer);

 private:
  Session& session_;
};

}  // namespace db
