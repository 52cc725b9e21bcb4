// The words of the product as plain values. Floor 0: standard library only, so that every floor may speak them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {

using Uuid = std::array<std::uint8_t, 16>;    // big-endian bytes, as RFC 9562 prints them
using Digest = std::array<std::uint8_t, 32>;  // SHA-256
using UnixSeconds = std::int64_t;             // UTC
using DayNumber = std::int32_t;               // days since 1970-01-01, UTC

enum class LinkStatus : std::uint8_t { pending, healthy, broken, redirected, slow };

constexpr std::string_view status_name(LinkStatus status) {
  switch (status) {
    case LinkStatus::pending:
      return "pending";
    case LinkStatus::healthy:
      return "healthy";
    case LinkStatus::broken:
      return "broken";
    case LinkStatus::redirected:
      return "redirected";
    case LinkStatus::slow:
      return "slow";
  }
  return "pending";
}

enum class Scope : std::uint8_t { read, write };  // write includes read

struct Link {
  Uuid id{};
  std::string label;
  std::string url;   // the destination
  std::string slug;  // the last part of the proxy URL
  std::optional<std::string> program;
  LinkStatus status = LinkStatus::pending;
  std::optional<UnixSeconds> last_checked_at;
  std::int64_t clicks_30d = 0;  // human clicks of today and the 29 days before it, UTC
  UnixSeconds created_at = 0;
  std::vector<std::string> tags;
  std::optional<std::string> fallback_url;  // where visitors go while it is broken
  std::optional<std::string> failure_mode;  // what is wrong with it, in a word
};

// Where the visitors of a slug go.
struct SlugTarget {
  std::string slug;
  Uuid account_id{};
  Uuid link_id{};
  std::string url;  // the destination, or while it is broken its fallback, if there is one; empty: no such slug
};

struct LinkPage {
  std::int64_t total = 0;  // links of the account
  Uuid version{};          // changes with every change to any link of the account
  bool more = false;       // there are links after this page
  std::vector<Link> links;
};

// Who does something, as events tell it.
struct Actor {
  std::string type;  // api_key, user, operator
  std::optional<Uuid> id;
  std::string name;        // may be empty
  std::string request_id;  // may be empty
};

// Something that happened, for good.
struct Event {
  Uuid id{};
  std::int64_t seq = 0;  // 1, 2, 3 ... for each account, in the order of commits
  UnixSeconds created_at = 0;
  std::string type;  // link.created ...
  std::optional<Uuid> link_id;
  std::string actor_type;
  std::optional<Uuid> actor_id;
  std::optional<std::string> actor_name;
  std::optional<std::string> request_id;
  std::string subject;  // JSON: the link right after it (before it, if it was deleted), or the key
  std::string changes;  // JSON: {"member": {"from": ..., "to": ...}, ...}
};

struct EventPage {
  std::int64_t last_seq = 0;  // of the account's newest event; 0: it has none
  bool more = false;
  std::vector<Event> events;
};

// What a POST with an Idempotency-Key was answered.
struct StoredAnswer {
  Digest request_digest{};
  int status = 0;
  std::string headers;  // "Name: value", a line each
  std::string body;
};

// An affiliate program, as the operator's table tells it. Migration 0007 says what the parameters mean.
struct Program {
  std::string name;
  std::vector<std::string> hosts;                // lower case; each stands for the names below it, too
  std::vector<std::string> identity_parameters;  // of links to these hosts: whose link it is
  std::vector<std::string> click_parameters;     // of the merchant's URL: one of them has to arrive
};

struct Plan {
  std::string name;  // free, pro, agency, or the operator's own
  bool api_access = false;
  int requests_per_minute = 0;
};

// What a plan gives beside the API.
struct PlanService {
  int check_interval_s = 0;
  bool webhooks = false;
};

struct Account {
  Uuid id{};
  std::string name;
  std::string plan;
  std::int64_t links = 0;
  UnixSeconds created_at = 0;
  std::optional<std::string> fallback_url;  // where visitors of a broken link go that has no fallback of its own
  std::optional<std::int64_t> links_limit;  // its plan's; none: any number
};

// What a request needs to know of its key: one row, cached by each worker.
struct KeyIdentity {
  Uuid account_id{};
  Uuid key_id{};
  std::string key_name;
  Scope scope = Scope::read;
  std::optional<UnixSeconds> expires_at;
  Plan plan;
};

// A person who signs in to an account.
struct User {
  Uuid id{};
  Uuid account_id{};
  std::string email;
  UnixSeconds created_at = 0;
};

// Who asks with a session's cookie.
struct SessionIdentity {
  Uuid session_id{};
  User user;
  Plan plan;
  UnixSeconds created_at = 0;
  UnixSeconds last_seen_at = 0;
  UnixSeconds expires_at = 0;
};

// A session as its user sees it.
struct UserSession {
  Uuid id{};
  std::string user_agent;
  std::string remote_addr;
  UnixSeconds created_at = 0;
  UnixSeconds last_seen_at = 0;
};

// A key as its owner sees it. The secret itself is never stored.
struct ApiKey {
  Uuid id{};
  Uuid account_id{};
  std::string name;
  std::string last_four;
  Scope scope = Scope::read;
  UnixSeconds created_at = 0;
  std::optional<UnixSeconds> last_used_at;
  std::optional<UnixSeconds> expires_at;
  std::optional<UnixSeconds> revoked_at;
  std::optional<UnixSeconds> replaced_at;  // by another; it ends at expires_at
};

}  // namespace db
