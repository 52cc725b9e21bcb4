// What an import would do, found out without doing it: the same answers as db::Links::insert() would give, batch after
// batch, and nothing is changed, locked for longer than a look, or told to anybody.
//
// A transaction that is rolled back would need no such thing, but it would leave a million dead rows behind, hold the
// account's counter meanwhile and keep its slugs from others.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "app/links/seen_slugs.hpp"
#include "db/links.hpp"

namespace links {

class Trial {
 public:
  Trial(db::Links& links, const db::Uuid& account_id) : links_(links), account_id_(account_id) {}

  // A row without a slug stands for one with a random slug, which is free. Of those that get an id (it is no link's),
  // the slug counts as taken from now on. Throws db::Error.
  std::vector<db::Inserted> insert(std::span<const db::NewLink> rows);

 private:
  db::Links& links_;
  db::Uuid account_id_;
  std::int64_t went_in_ = 0;
  SeenSlugs slugs_;  // of what went in
};

}  // namespace links
