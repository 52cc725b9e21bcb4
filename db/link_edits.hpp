// Changes of single links. To look at a link and change it in one step, do both within Database::together().
#pragma once

#include <span>
#include <unordered_set>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

class LinkEdits {
 public:
  explicit LinkEdits(Session& session) : session_(session) {}

  // Within together(): keeps others from changing these links until its end. Ask once, for all links that the
  // transaction will change, before it takes slugs or adds links: who waits for a link while he holds the account's
  // counters may wait in a circle. Ids of no link, or of another account's, are left out.
  void lock(const Uuid& account_id, std::span<const Uuid> link_ids);

  // Stores label, url, slug, program, tags and fallback_url of an existing link. False: its new slug is taken.
  bool store(const Uuid& account_id, const Link& link);

  bool remove(const Uuid& account_id, const Uuid& link_id);  // false: there is no such link

 private:
  Session& session_;
};

}  // namespace db
