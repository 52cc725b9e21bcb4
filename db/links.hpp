// Links of one account. The reads are the API's hot path: statements prepared once for each connection, one round
// trip, binary results.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

struct LinkPageQuery {
  Uuid account_id{};
  int limit = 100;                     // 1..500
  std::int64_t offset = 0;             // >= 0; not with starting_after
  std::optional<Uuid> starting_after;  // the page begins behind this link of the account
  DayNumber today = 0;                 // the last day of the 30 that clicks_30d counts
};

// One row of an import. Checked by the caller; the database checks again.
struct NewLink {
  std::string label;
  std::string url;
  std::optional<std::string> program;
  std::string slug;
  std::vector<std::string> tags;
  std::optional<UnixSeconds> created_at;         // now, if none
  std::optional<std::string> fallback_url = {};  // where visitors go while it is broken
};

struct Inserted {
  std::optional<Uuid> id;      // none: it did not go in, because its slug is taken, or
  bool limit_reached = false;  // because the account has as many links as its plan allows
};

class Links {
 public:
  explicit Links(Session& session) : session_(session) {}

  // Newest first (created_at, then id, both descending). nullopt: `starting_after` is no link of this account.
  std::optional<LinkPage> page(const LinkPageQuery& query);

  // What a page's version would be now, at the cost of one small row.
  std::optional<Uuid> version(const Uuid& account_id);

  std::optional<Link> find(const Uuid& account_id, const Uuid& link_id, DayNumber today);

  std::optional<SlugTarget> target(std::string_view slug);  // what the link map holds of it, asked of the database

  std::vector<std::string> taken(std::span<const NewLink> rows);  // those of their slugs that are
  std::int64_t room(const Uuid& account_id);                      // how many more links the plan allows

  // All rows in one transaction and few round trips. Returns what became of each.
  std::vector<Inserted> insert(const Uuid& account_id, std::span<const NewLink> rows);

 private:
  Session& session_;
};

}  // namespace db
