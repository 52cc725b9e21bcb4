// Lists of one account's links that are filtered, sorted or searched. Each list has several ways through the indexes of
// migration 0006; which one is short follows from how many links have a status, a program, a tag, which is counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

enum class LinkSort : std::uint8_t { created_at, clicks_30d, label, last_checked_at };

// Which links, in which order. All conditions must hold.
struct LinkFilter {
  std::vector<LinkStatus> statuses = {};           // one of these, each once; none: any
  std::optional<std::string> program = {};         // in any case; empty: links without a program
  std::optional<std::string> tag = {};             // exactly
  std::optional<std::string> text = {};            // somewhere in label, url or slug, in any case; not empty
  std::optional<UnixSeconds> created_after = {};   // later than this
  std::optional<UnixSeconds> created_before = {};  // earlier than this
  std::optional<UnixSeconds> checked_before = {};  // earlier than this, or never
  LinkSort sort = LinkSort::created_at;            // links that are equal in it: by id, in the same direction;
  bool descending = true;                          // never checked counts as checked before all others

  bool everything() const;  // all links, in whatever order
  bool operator==(const LinkFilter&) const = default;
};

// A place in the order of a filter, just behind a link; it holds even if that link changes or goes.
struct LinkCursor {
  Uuid id{};
  std::int64_t number = 0;  // created_at or last_checked_at in µs, or clicks
  std::string text;         // the label in lower case
};

struct LinkSearchQuery {
  Uuid account_id{};
  LinkFilter filter;
  int limit = 100;          // 1..500
  std::int64_t offset = 0;  // >= 0; not with starting_after
  std::optional<Uuid>
      starting_after;  // the page begins behind this link of the account, whether the filter has it or not
  DayNumber today = 0;
};

struct FoundLinks {
  LinkPage page;            // `total` is of the filter
  bool total_exact = true;  // false: there are at least as many
};

// Words that links have, the most used first.
struct LinkWords {
  std::vector<std::string> programs, tags;
};

class LinkSearch {
 public:
  explicit LinkSearch(Session& session) : session_(session) {}

  // nullopt: `starting_after` is no link of this account.
  std::optional<FoundLinks> page(const LinkSearchQuery& query);

  // Up to `limit` links behind `cursor` (none: from the start), and moves it behind the last of them. Fewer than
  // `limit`: that was all.
  std::vector<Link> next(const Uuid& account_id, const LinkFilter& filter, DayNumber today,
                         std::optional<LinkCursor>& cursor, int limit);

  // At most so many of each.
  LinkWords words(const Uuid& account_id, int most);

 private:
  Session& session_;
};

}  // namespace db
