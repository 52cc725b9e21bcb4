// A migrated database with one account, and the two ways in: as its owner and as quietleaks_web.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/base/ids.hpp"
#include "db/database.hpp"
#include "db/error.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/postgres.hpp"

namespace integration {

struct Fixture {
  support::TestDatabase database;
  db::Database owner{database.options("quietleaks")};
  db::Database web{database.options()};
  db::Uuid account = owner.accounts().add("Demo Agency", "agency").id;

  std::string account_text() const { return base::format_uuid(account); }
};

inline db::NewLink new_link(const std::string& slug, std::optional<db::UnixSeconds> created_at = {}) {
  return {.label = "Link " + slug,
          .url = "https://shareasale.com/r/product/" + slug,
          .program = "ShareASale",
          .slug = slug,
          .tags = {},
          .created_at = created_at};
}

inline std::vector<db::NewLink> new_links(int count, const std::string& prefix = "s") {
  std::vector<db::NewLink> links;
  for (int i = 0; i < count; ++i) links.push_back(new_link(prefix + std::to_string(i), 1'700'000'000 + i));
  return links;
}

inline db::NewKey new_key(const db::Uuid& account, std::uint8_t seed) {
  db::NewKey key;
  key.account_id = account;
  key.name = "a key";
  key.last_four = "aB3x";
  key.digest.fill(seed);
  return key;
}

// The db::Error that f throws.
template <typename F>
db::Error error_of(F&& f) {
  try {
    f();
  } catch (const db::Error& error) {
    return error;
  }
  throw std::runtime_error("nothing was thrown where a db::Error was expected");
}

}  // namespace integration
