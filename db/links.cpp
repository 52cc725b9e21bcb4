#include "db/links.hpp"

#include <string_view>

#include "db/error.hpp"
#include "db/link_statements.hpp"
#include "db/session.hpp"

namespace db {
namespace {

// Up to here an offset costs less by skipping the rows than by the deep page's detour.
constexpr std::int64_t kDeepOffset = 500;

LinkStatus parse_status(std::string_view word) {
  if (word == "healthy") return LinkStatus::healthy;
  if (word == "broken") return LinkStatus::broken;
  if (word == "redirected") return LinkStatus::redirected;
  if (word == "slow") return LinkStatus::slow;
  return LinkStatus::pending;
}

Link parse_link(const Result& result, int row, int first) {
  return {.id = result.uuid(row, first + kId),
          .label = result.text(row, first + kLabel),
          .url = result.text(row, first + kUrl),
          .slug = result.text(row, first + kSlug),
          .program = result.optional_text(row, first + kProgram),
          .status = parse_status(result.view(row, first + kStatus)),
          .last_checked_at = result.optional_time(row, first + kLastCheckedAt),
          .clicks_30d = result.integer(row, first + kClicks),
          .created_at = result.time(row, first + kCreatedAt)};
}

const Statement& statement_for(const LinkPageQuery& query) {
  if (query.starting_after) return kPageAfter;
  return query.offset <= kDeepOffset ? kShallowPage : kDeepPage;
}

Parameters parameters_of(const LinkPageQuery& query) {
  Parameters parameters;
  parameters.uuid(query.account_id).day(query.today).uuid(query.unless_version);
  // A cursor does not know its place among all links: one more row tells whether the page is the last.
  if (query.starting_after)
    parameters.integer(query.limit + 1).uuid(*query.starting_after);
  else
    parameters.integer(query.limit).integer(query.offset);
  return parameters;
}

}  // namespace

std::optional<LinkPage> Links::page(const LinkPageQuery& query) {
  const Result result = session_.query(statement_for(query), parameters_of(query));
  if (result.rows() == 0) return query.starting_after ? std::nullopt : std::optional(LinkPage{});

  LinkPage page;
  page.total = result.integer(0, kTotal);
  page.version = result.uuid(0, kVersion);
  page.unchanged = query.unless_version == page.version;
  const int found = result.null(0, kFirstLinkColumn + kId) ? 0 : result.rows();
  const int shown = std::min(found, query.limit);
  page.more = query.starting_after ? found > shown : query.offset + shown < page.total;
  page.links.reserve(static_cast<std::size_t>(shown));
  for (int row = 0; row < shown; ++row) page.links.push_back(parse_link(result, row, kFirstLinkColumn));
  return page;
}

std::optional<Link> Links::find(const Uuid& account_id, const Uuid& link_id, DayNumber today) {
  const Result result = session_.query(kOneLink, Parameters().uuid(account_id).day(today).uuid(link_id));
  if (result.rows() == 0) return std::nullopt;
  return parse_link(result, 0, 0);
}

}  // namespace db
