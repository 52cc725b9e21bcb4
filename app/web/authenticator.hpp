// From an Authorization header to the key's identity. A key that is misspelt is refused by its checksum; a valid one
// comes from this worker's cache, which is emptied whenever a revocation may have happened and is not used while none
// could be heard; only the rest asks the database. Keys that it does not know are limited by the client's address
// first.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include "app/base/config.hpp"
#include "app/http/request.hpp"
#include "app/shm/rate_limiter.hpp"
#include "app/shm/scoreboard.hpp"
#include "app/web/authorization.hpp"
#include "db/database.hpp"

namespace web {

struct Authenticated {
  db::KeyIdentity identity;
  std::uint64_t fingerprint = 0;  // of the key, for the rate limiter
};

class Authenticator {
 public:
  // `keys` is only asked whom it knows; `rejected` counts, by address, the keys that turned out to be unknown.
  Authenticator(db::Database& database, shm::RateLimiter& keys, shm::RateLimiter& rejected, shm::WorkerSlot& slot,
                const base::Config::Keys& config);

  // Throws Problem 401 (missing or refused key) or 429 (this address has sent too many unknown keys).
  Authenticated authenticate(const http::Request& request, db::UnixSeconds now);

 private:
  struct FirstBytes {
    std::size_t operator()(const db::Digest& digest) const {
      std::size_t hash = 0;
      std::memcpy(&hash, digest.data(), sizeof hash);  // a digest is as good as random
      return hash;
    }
  };

  const db::KeyIdentity* cached(const db::Digest& digest);
  void require_budget(const db::Digest& digest, std::uint64_t address);
  db::KeyIdentity look_up(const db::Digest& digest, const http::Request& request, std::string_view key);

  db::Database& database_;
  shm::RateLimiter& keys_;
  shm::RateLimiter& rejected_;
  shm::WorkerSlot& slot_;
  const base::Config::Keys& config_;
  std::unordered_map<db::Digest, db::KeyIdentity, FirstBytes> cache_;
  std::uint64_t generation_ = 0;
};

// A number for the client's address: all of an IPv4 one, the first 64 bits of an IPv6 one, which is what one customer
// has.
std::uint64_t address_fingerprint(std::string_view address);

}  // namespace web
