// The SQL of counting clicks. All of it runs within transactions that hold kCountingLock: one writer at a time, hence
// no races but those with people who change or delete links.
#pragma once

#include <string>

#include "db/prepared.hpp"

namespace db {

// Waits for other writers. Makes the commit wait for the disk: the journal is thrown away after it.
extern const Statement kCountingLock;

// $1 journal, $2 segments, $3 from, $4 to. One number: how many stood at `from` and were moved.
extern const Statement kMovePositions;

// $1 accounts, $2 days, each pair once. account_id, day, keep_days: of each, decided now if it was not before.
extern const Statement kPinDays;

// $1 days to keep, $2 first day, $3 last day. How many were made.
extern const Statement kEnsurePartitions;

// Of one day and time of keeping. $1 accounts, $2 links, $3 visitors, $4 ids, $5 times, $6 bots, $7 whether it is the
// batch's first of its visitor, $8 devices (1 for the first of click_device), $9 countries, $10 referrer hosts.
// For each link with new clicks: account_id, link_id, humans, bots, uniques.
std::string insert_clicks(DayNumber day, int keep_days);

// $1 accounts, $2 links, each pair once, $3 today. Of those that exist: account_id, id, whether clicks_30d holds on
// today, and may be added to. Locked until the end, so that they cannot be deleted.
extern const Statement kLockLinks;

// $1 accounts, $2 links, $3 days, $4 humans, $5 bots, $6 uniques, each (link, day) once.
extern const Statement kAddToDays;

// $1 accounts, $2 links, each pair once, $3 clicks in the window, $4 the last day that they let the sum hold, $5 today.
// account_id, id of those whose counter holds on today: it was added to, and the link is locked until the end.
extern const Statement kAddToLinks;

// $1 accounts, $2 links, each pair once, $3 today: sums the days anew. After kAddToDays.
extern const Statement kSumLinks;

// $1 today, $2 most. account_id, id of links whose counter has ended, or is of before migration 4.
extern const Statement kEndedCounters;

extern const Statement kPositions;          // $1 journal, $2 segments
extern const Statement kForgetSegments;     // $1 journal, $2 segments
extern const Statement kDropOldPartitions;  // $1 today, $2 most
extern const Statement kClicksByDay;        // $1 account, $2 link, $3 first day, $4 last day

}  // namespace db
