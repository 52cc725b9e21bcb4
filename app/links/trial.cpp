#include "app/links/trial.hpp"

#include <string_view>
#include <unordered_set>

namespace links {

// First the slugs, then the room, as in db/links_insert.cpp: a row whose slug is taken needs no room.
std::vector<db::Inserted> Trial::insert(std::span<const db::NewLink> rows) {
  const auto found = links_.taken(rows);
  const std::unordered_set<std::string_view> taken(found.begin(), found.end());
  std::int64_t room = links_.room(account_id_) - went_in_;
  std::vector<db::Inserted> outcome(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& slug = rows[i].slug;
    if (!slug.empty() && (taken.contains(slug) || slugs_.contains(slug))) continue;
    outcome[i].limit_reached = room <= 0;
    if (outcome[i].limit_reached) continue;
    if (!slug.empty()) slugs_.add(slug);
    outcome[i].id.emplace();
    ++went_in_;
    --room;
  }
  return outcome;
}

}  // namespace links
