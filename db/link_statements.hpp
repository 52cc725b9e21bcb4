// The SQL of the hot reads of links, and the order of the columns in their results.
#pragma once

#include <string_view>

#include "db/prepared.hpp"

namespace db {

// The columns of a link in every result below.
enum LinkColumn {
  kId,
  kCreatedAt,
  kLastCheckedAt,
  kClicks,
  kStatus,
  kLabel,
  kUrl,
  kSlug,
  kProgram,
  kTags,
  kFallbackUrl,
  kFailureMode
};

// Their SQL, of links as `link`; $1 account, $2 today.
extern const char* const kLinkColumns;

Link parse_link(const Result& result, int row);
LinkStatus parse_status(std::string_view word);

// Pages: the first row is the head, the links follow, newest first. $1 account, $2 today, $3 limit,
// $4 where the page begins. All in one statement, hence in one snapshot.
constexpr int kHeadVersion = kId;  // in the head row
constexpr int kHeadTotal = kClicks;
extern const Statement kShallowPage;  // $4 offset
extern const Statement kDeepPage;     // $4 offset; any depth, at a fixed extra price
extern const Statement kPageAfter;    // $4 the link before the page; without a head if the account has no such link

// $1 account. One column: the version that a page would have now.
extern const Statement kLinksVersion;

// $1 account, $2 today, $3 link.
extern const Statement kOneLink;

// $1 slug. account_id, link_id, url of where its visitors go.
extern const Statement kTarget;

// $1 slugs. Those of them that are taken.
extern const Statement kTakenSlugs;

// $1 account. How many more links it may have; within a transaction, held fast until that ends.
extern const Statement kLinksRoom;

}  // namespace db
