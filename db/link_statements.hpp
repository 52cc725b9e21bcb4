// The SQL of the hot reads of links, and the order of the columns in their results.
#pragma once

#include "db/prepared.hpp"

namespace db {

// Columns of a link in every result below, behind those that the statement itself adds.
enum LinkColumn { kId, kCreatedAt, kLastCheckedAt, kClicks, kStatus, kLabel, kUrl, kSlug, kProgram };

// Pages. Each row begins with the account's total and version; if there is no link to show, one row holds them alone,
// with nulls for the link. $1 account, $2 today, $3 a version to skip the rows for (or null), $4 limit, $5 offset or
// cursor.
constexpr int kTotal = 0, kVersion = 1, kFirstLinkColumn = 2;
extern const Statement kShallowPage;  // $5 offset
extern const Statement kDeepPage;     // $5 offset; for any depth, at a fixed extra price
extern const Statement kPageAfter;    // $5 the link before the page; no row at all if the account has no such link

// $1 account, $2 today, $3 link.
extern const Statement kOneLink;

}  // namespace db
