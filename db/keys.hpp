// API keys: found by the SHA-256 of their secret, which is all that is stored.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

struct NewKey {
  Uuid account_id{};
  std::string name;
  Scope scope = Scope::write;
  Digest digest{};
  std::string last_four;
  std::optional<UnixSeconds> expires_at;
};

// A key that works, and what its use is counted under.
struct ActiveKey {
  ApiKey key;
  Digest digest{};
};

struct KeyUse {
  Uuid account_id{};
  Uuid key_id{};
  UnixSeconds used_at = 0;
};

class Keys {
 public:
  explicit Keys(Session& session) : session_(session) {}

  // The key with this digest and its account's plan; nullopt if unknown, revoked or expired.
  std::optional<KeyIdentity> find(const Digest& digest);

  // Moves last_used_at forward, in one statement. Rows used less than a minute before are left alone.
  void touch(std::span<const KeyUse> uses);

  Uuid add(const NewKey& key);
  std::vector<ApiKey> list(const Uuid& account_id);

  std::vector<ActiveKey> list_active(const Uuid& account_id);  // neither revoked nor over; newest first
  // Within a transaction, until whose end nobody else changes that key.
  std::optional<ApiKey> hold_active(const Uuid& account_id, const Uuid& key_id);
  // Notes that another key takes its place, and that it ends then, if not earlier anyway. Takes effect like revoke().
  void replace(const Uuid& account_id, const Uuid& key_id, UnixSeconds ends_at);

  // Takes effect in every worker within a second. False: no such key, or revoked already.
  bool revoke(const Uuid& account_id, const Uuid& key_id);
  // For a key seen in the clear on plain HTTP.
  bool revoke(const Digest& digest);

 private:
  Session& session_;
};

}  // namespace db
