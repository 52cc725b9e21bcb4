#include "db/links.hpp"

#include <algorithm>
#include <string_view>

#include "db/error.hpp"
#include "db/link_statements.hpp"
#include "db/session.hpp"

namespace db {
namespace {

// Reading past a link costs a sixth of the deep page's extra price for a link shown; its fixed price is that of 200.
bool is_deep(const LinkPageQuery& query) {
  return query.offset > 200 + 6LL * query.limit;
}

const Statement& statement_for(const LinkPageQuery& query) {
  if (query.starting_after) return kPageAfter;
  return is_deep(query) ? kDeepPage : kShallowPage;
}

// Beyond any account's end, and far from where the statements' sums would overflow.
constexpr std::int64_t kBeyondAllLinks = 1LL << 53;

Parameters parameters_of(const LinkPageQuery& query) {
  Parameters parameters;
  parameters.uuid(query.account_id).day(query.today);
  // A cursor does not know its place among all links: one more row tells whether the page is the last.
  if (query.starting_after)
    parameters.integer(query.limit + 1).uuid(*query.starting_after);
  else
    parameters.integer(query.limit).integer(std::min(query.offset, kBeyondAllLinks));
  return parameters;
}

}  // namespace

std::optional<LinkPage> Links::page(const LinkPageQuery& query) {
  const Result result = session_.query(statement_for(query), parameters_of(query));
  if (result.rows() == 0) return query.starting_after ? std::nullopt : std::optional(LinkPage{});

  LinkPage page;
  page.total = result.integer(0, kHeadTotal);
  page.version = result.uuid(0, kHeadVersion);
  const int found = result.rows() - 1;
  const int shown = std::min(found, query.limit);
  page.more = query.starting_after ? found > shown : query.offset < page.total - shown;
  page.links.reserve(static_cast<std::size_t>(shown));
  for (int row = 1; row <= shown; ++row) page.links.push_back(parse_link(result, row));
  return page;
}

std::optional<Uuid> Links::version(const Uuid& account_id) {
  const Result result = session_.query(kLinksVersion, Parameters().uuid(account_id));
  return result.rows() == 0 ? std::nullopt : std::optional(result.uuid(0, 0));
}

std::optional<Link> Links::find(const Uuid& account_id, const Uuid& link_id, DayNumber today) {
  const Result result = session_.query(kOneLink, Parameters().uuid(account_id).day(today).uuid(link_id));
  if (result.rows() == 0) return std::nullopt;
  return parse_link(result, 0);
}

std::optional<SlugTarget> Links::target(std::string_view slug) {
  const Result result = session_.query(kTarget, Parameters().text(slug));
  if (result.rows() == 0) return std::nullopt;
  return SlugTarget{.slug = std::string(slug),
                    .account_id = result.uuid(0, 0),
                    .link_id = result.uuid(0, 1),
                    .url = result.text(0, 2)};
}

std::vector<std::string> Links::taken(std::span<const NewLink> rows) {
  BinaryArray slugs(BinaryArray::Type::text);
  for (const auto& row : rows) slugs.text(row.slug);
  const Result result = session_.query(kTakenSlugs, Parameters().array(slugs));
  std::vector<std::string> taken;
  taken.reserve(static_cast<std::size_t>(result.rows()));
  for (int row = 0; row < result.rows(); ++row) taken.push_back(result.text(row, 0));
  return taken;
}

std::int64_t Links::room(const Uuid& account_id) {
  const Result result = session_.query(kLinksRoom, Parameters().uuid(account_id));
  return result.null(0, 0) ? 0 : result.integer(0, 0);
}

}  // namespace db
