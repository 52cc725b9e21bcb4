#include "app/web/authenticator.hpp"

#include <string>

#include <arpa/inet.h>

#include "app/base/api_key.hpp"
#include "app/base/crypto.hpp"
#include "app/base/log.hpp"
#include "app/http/problem.hpp"

namespace web {
namespace {

std::uint64_t first_bytes(const db::Digest& digest) {
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return number;
}

http::Problem missing_key() {
  http::Problem problem(401, "missing_api_key", "Send your API key in the Authorization header: Bearer ql_…");
  problem.with_header("WWW-Authenticate", "Bearer realm=\"quietleaks\"");
  return problem;
}

// One answer for misspelt, unknown, revoked and expired keys, so that it tells nothing about which keys exist.
http::Problem invalid_key() {
  http::Problem problem(401, "invalid_api_key", "This API key is not valid. It may have been revoked or have expired.");
  problem.with_header("WWW-Authenticate", "Bearer realm=\"quietleaks\", error=\"invalid_token\"");
  return problem;
}

http::Problem too_many_rejected(base::Micros wait) {
  http::Problem problem(429, "too_many_rejected_keys",
                        "Too many API keys from this address were not valid. Wait, then try again.");
  problem.with_header("Retry-After", std::to_string((wait + 999'999) / 1'000'000));
  return problem;
}

bool expired(const db::KeyIdentity& identity, db::UnixSeconds now) {
  return identity.expires_at && *identity.expires_at <= now;
}

}  // namespace

std::uint64_t address_fingerprint(std::string_view address) {
  in6_addr v6{};
  const std::string text(address);
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1)
    return first_bytes(base::sha256({reinterpret_cast<const char*>(&v6), 8}));
  return first_bytes(base::sha256(address));
}

Authenticator::Authenticator(db::Database& database, shm::RateLimiter& keys, shm::RateLimiter& rejected,
                             shm::WorkerSlot& slot, const base::Config::Keys& config)
    : database_(database), keys_(keys), rejected_(rejected), slot_(slot), config_(config) {}

Authenticated Authenticator::authenticate(const http::Request& request, db::UnixSeconds now) {
  const auto key = bearer_token(request.header("authorization"));
  if (key.empty()) throw missing_key();
  if (!base::well_formed_api_key(key)) throw invalid_key();
  const auto digest = base::api_key_digest(key);
  const auto* known = cached(digest);
  const auto identity = known ? *known : look_up(digest, request, key);
  if (expired(identity, now)) throw invalid_key();
  return {identity, first_bytes(digest)};
}

const db::KeyIdentity* Authenticator::cached(const db::Digest& digest) {
  const auto generation = database_.key_generation();
  if (generation != generation_ || !database_.hears_revocations()) {
    cache_.clear();
    generation_ = generation;
    return nullptr;
  }
  const auto found = cache_.find(digest);
  return found != cache_.end() && base::equal_constant_time(found->first, digest) ? &found->second : nullptr;
}

// Junk from an address must not lock out the valid keys that share it (a NAT, a hosted automation): a key that some
// worker has admitted before may always be asked for.
void Authenticator::require_budget(const db::Digest& digest, std::uint64_t address) {
  const auto budget = rejected_.peek(address, config_.rejected_per_minute);
  if (!budget.allowed && !keys_.knows(first_bytes(digest))) throw too_many_rejected(budget.reset_after);
}

db::KeyIdentity Authenticator::look_up(const db::Digest& digest, const http::Request& request, std::string_view key) {
  slot_.key_cache_misses.fetch_add(1, std::memory_order_relaxed);
  const auto address = address_fingerprint(request.remote_addr);
  require_budget(digest, address);
  const auto identity = database_.keys().find(digest);
  if (!identity) {
    rejected_.charge(address, config_.rejected_per_minute);
    base::log::info(
        "key_rejected",
        {{"request_id", request.id}, {"remote_addr", request.remote_addr}, {"key_last_four", base::last_four(key)}});
    throw invalid_key();
  }
  if (cache_.size() >= static_cast<std::size_t>(config_.cache_entries)) cache_.clear();
  cache_.emplace(digest, *identity);
  return *identity;
}

}  // namespace web
