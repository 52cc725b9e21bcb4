// The SQL of filtered lists: one statement for each way through the indexes, order and kind of page; a few dozen, made
// once, each prepared by a connection when it first needs it.
#pragma once

#include "db/link_search.hpp"
#include "db/link_statements.hpp"

namespace db {

// Where the links come from. The first four give them in the list's order and stop when the page is full; the others
// gather all that match, sort and count them.
enum class LinkWay : std::uint8_t {
  in_order,         // every link of the account; any sort
  in_order_status,  // of $5's statuses; any sort but label
  in_order_program,
  in_order_tag,  // both: by created_at only
  gather_status,
  gather_program,
  gather_tag,
  gather_created,
  gather_checked,
  gather_text
};
inline constexpr std::size_t kLinkWays = 10;

inline constexpr int kMostOfText = 5000;  // links that gather_text looks at

inline bool gathers(LinkWay way) {
  return way >= LinkWay::gather_status;
}

// $1 account, $2 today, $3 limit, $4 offset, $5 statuses (all five: any), $6 program and $8 text in lower case, $7 tag,
// $9 created after, $10 created before (infinities: any), $11 checked before; null: any. With a cursor, too: $12 its
// id, $13 its key. The columns of a link and then the key; gathered ones have a head row, whose kClicks is how many
// match; -1: so many have the text's letters that not all were looked at, and the links are just some of them.
const Statement& search_statement(LinkWay way, LinkSort sort, bool descending, bool behind_cursor);
inline constexpr int kSearchKey = kFailureMode + 1;

// The settings that these statements are planned with.
extern const char* const kSearchSettings;

// $1 account, $2 statuses, $3 program, $4 tag, $5 text, $6 the cursor's link; one row if there is such an account.
enum SearchHeadColumn {
  kHeadLinksVersion,
  kHeadLinks,
  kHeadOfStatuses,
  kHeadOfProgram,
  kHeadOfTag,
  kHeadProgram,      // in lower case
  kHeadText,         // likewise
  kCursorCreatedAt,  // null: there is no such link
  kCursorClicks,
  kCursorLabel,
  kCursorCheckedAt,
  kSampleHits,  // links of a sample of the account's that have the text
  kSampleLinks
};
extern const Statement kSearchHead;

// $1 account, $2 how many: its programs, as the newest link with each writes it, and its tags, the most used first.
extern const Statement kLinkWords;

// How many, up to a bound: $1 account and $2 created after, $3 created before, or $2 checked before.
inline constexpr std::int64_t kProbe = 1000;
extern const Statement kProbeCreated;
extern const Statement kProbeChecked;

}  // namespace db
