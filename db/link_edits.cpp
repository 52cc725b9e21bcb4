#include "db/link_edits.hpp"

#include "db/array.hpp"
#include "db/session.hpp"

namespace db {
namespace {

const Statement kLock = {"ql_lock_links", "lock links", R"sql(
select id from links where account_id = $1::uuid and id = any ($2::uuid[]) order by id for no key update
)sql"};

const Statement kSlugIsFree = {"ql_slug_is_free", "look whether a slug is free", R"sql(
select not exists (select from slugs where slug = $3::text and (account_id, link_id) <> ($1::uuid, $2::uuid))
)sql"};

const Statement kStore = {"ql_store_link", "change a link", R"sql(
update links set label = $3::text, url = $4::text, slug = $5::text, program = $6::text, tags = $7::text[],
                 fallback_url = $8::text
 where account_id = $1::uuid and id = $2::uuid
)sql"};

const Statement kRemove = {"ql_remove_link", "delete a link",
                           "delete from links where account_id = $1::uuid and id = $2::uuid returning id"};

}  // namespace

void LinkEdits::lock(const Uuid& account_id, std::span<const Uuid> link_ids) {
  BinaryArray ids(BinaryArray::Type::uuid);
  for (const auto& id : link_ids) ids.uuid(id);
  session_.query(kLock, Parameters().uuid(account_id).array(ids));
}

// Whoever takes the slug between the two statements makes the second fail on slugs_pkey: Database::together() then
// begins anew, and the first sees it.
bool LinkEdits::store(const Uuid& account_id, const Link& link) {
  const auto free = session_.query(kSlugIsFree, Parameters().uuid(account_id).uuid(link.id).text(link.slug));
  if (!free.boolean(0, 0)) return false;
  const auto tags = text_array(link.tags);
  Parameters parameters;
  parameters.uuid(account_id).uuid(link.id).text(link.label).text(link.url).text(link.slug);
  link.program ? parameters.text(*link.program) : parameters.null();
  parameters.array(tags);
  link.fallback_url ? parameters.text(*link.fallback_url) : parameters.null();
  session_.query(kStore, parameters);
  return true;
}

bool LinkEdits::remove(const Uuid& account_id, const Uuid& link_id) {
  return session_.query(kRemove, Parameters().uuid(account_id).uuid(link_id)).rows() > 0;
}

}  // namespace db
