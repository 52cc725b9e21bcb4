// Links in bulk. The slugs go first: they are global, and one that is taken costs its own row and nothing else.
#include <algorithm>
#include <unordered_map>

#include <soci/soci.h>

#include "app/base/ids.hpp"
#include "db/array.hpp"
#include "db/error.hpp"
#include "db/link_statements.hpp"
#include "db/links.hpp"
#include "db/session.hpp"

namespace db {
namespace {

using Ids = std::vector<std::optional<Uuid>>;

// In the order of the slugs, so that two imports wait for each other's slugs in the same order. All slugs of the
// transaction come before its first link, whose counter all imports of the account share: no cycle of waits.
constexpr const char* kTakeSlugs = R"sql(
insert into slugs (slug, account_id, link_id)
select slug, :account::uuid, id::uuid
  from unnest(:slugs::text[], :ids::text[]) as given (slug, id)
 order by slug collate "C", id
    on conflict do nothing
returning link_id::text
)sql";

constexpr const char* kAddLinks = R"sql(
insert into links (account_id, id, label, url, slug, program, tags, created_at, fallback_url)
select :account::uuid, id::uuid, label, url, slug, program, tags::text[],
       coalesce(to_timestamp(created_at::bigint), date_trunc('second', now())), fallback_url
  from unnest(:ids::text[], :labels::text[], :urls::text[], :slugs::text[], :programs::text[], :tags::text[],
              :times::text[], :fallbacks::text[])
         as given (id, label, url, slug, program, tags, created_at, fallback_url)
)sql";

const Statement kReleaseSlugs = {"ql_release_slugs", "release slugs",
                                 "delete from slugs where account_id = $1::uuid and link_id = any ($2::uuid[])"};

// An id for each row; of rows with the same slug, only the first gets one.
Ids propose_ids(std::span<const NewLink> rows) {
  Ids ids(rows.size());
  std::unordered_map<std::string_view, std::size_t> first;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (first.emplace(rows[i].slug, i).second) ids[i] = base::random_uuid();
  return ids;
}

// Takes back the ids whose slugs belong to others.
void take_slugs(soci::session& sql, const std::string& account, std::span<const NewLink> rows, Ids& ids) {
  TextArray slugs;
  TextArray proposed;
  std::unordered_map<std::string, std::size_t> row_of;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!ids[i]) continue;
    const auto id = base::format_uuid(*ids[i]);
    slugs.add(rows[i].slug);
    proposed.add(id);
    row_of.emplace(id, i);
  }
  const auto slugs_text = slugs.text();
  const auto proposed_text = proposed.text();
  std::vector<std::string> taken(row_of.size());
  sql << kTakeSlugs, soci::use(account, "account"), soci::use(slugs_text, "slugs"), soci::use(proposed_text, "ids"),
      soci::into(taken);
  for (const auto& id : taken) row_of.erase(id);
  for (const auto& [id, row] : row_of) ids[row].reset();
}

std::string tag_array(const std::vector<std::string>& tags) {
  TextArray array;
  for (const auto& tag : tags) array.add(tag);
  return array.text();
}

void add_links(soci::session& sql, const std::string& account, std::span<const NewLink> rows, const Ids& ids) {
  TextArray id, label, url, slug, program, tags, time, fallback;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!ids[i]) continue;
    const auto& row = rows[i];
    id.add(base::format_uuid(*ids[i]));
    label.add(row.label);
    url.add(row.url);
    slug.add(row.slug);
    row.program ? program.add(*row.program) : program.add_null();
    tags.add(tag_array(row.tags));
    row.created_at ? time.add(std::to_string(*row.created_at)) : time.add_null();
    row.fallback_url ? fallback.add(*row.fallback_url) : fallback.add_null();
  }
  const auto ids_text = id.text(), labels = label.text(), urls = url.text(), slugs = slug.text(),
             programs = program.text(), tags_text = tags.text(), times = time.text(), fallbacks = fallback.text();
  sql << kAddLinks, soci::use(account, "account"), soci::use(ids_text, "ids"), soci::use(labels, "labels"),
      soci::use(urls, "urls"), soci::use(slugs, "slugs"), soci::use(programs, "programs"), soci::use(tags_text, "tags"),
      soci::use(times, "times"), soci::use(fallbacks, "fallbacks");
}

// The first ones have the room that there is. The others give their slugs back.
std::vector<bool> keep_within(std::int64_t room, Session& session, const Uuid& account_id, Ids& ids) {
  std::vector<bool> beyond(ids.size(), false);
  BinaryArray released(BinaryArray::Type::uuid);
  bool any = false;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!ids[i] || room-- > 0) continue;
    released.uuid(*ids[i]);
    ids[i].reset();
    beyond[i] = any = true;
  }
  if (any) session.step(kReleaseSlugs, Parameters().uuid(account_id).array(released));
  return beyond;
}

bool any_in(const Ids& ids) {
  return std::any_of(ids.begin(), ids.end(), [](const auto& id) { return id.has_value(); });
}

std::vector<Inserted> outcome(const Ids& ids, const std::vector<bool>& beyond) {
  std::vector<Inserted> rows(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) rows[i] = {.id = ids[i], .limit_reached = beyond[i]};
  return rows;
}

}  // namespace

std::vector<Inserted> Links::insert(const Uuid& account_id, std::span<const NewLink> rows) {
  if (rows.empty()) return {};
  const auto account = base::format_uuid(account_id);
  std::vector<Inserted> result;
  session_.write("add links", [&](soci::session& sql) {
    Ids ids = propose_ids(rows);
    take_slugs(sql, account, rows, ids);
    const Result room = session_.step(kLinksRoom, Parameters().uuid(account_id));
    const auto beyond = keep_within(room.null(0, 0) ? 0 : room.integer(0, 0), session_, account_id, ids);
    if (any_in(ids)) add_links(sql, account, rows, ids);
    result = outcome(ids, beyond);
  });
  return result;
}

}  // namespace db
