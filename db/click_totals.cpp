#include "db/click_totals.hpp"

#include <algorithm>

#include "db/click_statements.hpp"
#include "db/session.hpp"

namespace db {
namespace {

constexpr DayNumber kWindow = 30;

using Type = BinaryArray::Type;

// The two columns that say which link.
struct Pairs {
  BinaryArray accounts{Type::uuid}, links{Type::uuid};

  void add(const AccountLink& link) {
    accounts.uuid(link.first);
    links.uuid(link.second);
  }
  Parameters parameters() const {
    Parameters parameters;
    parameters.array(accounts).array(links);
    return parameters;
  }
};

// What the clicks of a link mean for its counter.
struct WindowChange {
  std::int64_t humans = 0;  // of all days, also those outside of the window: is there anything to do?
  std::int64_t in_window = 0;
  DayNumber until = kNoDay;

  void add(DayNumber day, std::int64_t clicks, DayNumber today) {
    if (clicks == 0) return;
    humans += clicks;
    if (day > today) {
      until = std::min(until, day - 1);
    } else if (day > today - kWindow) {
      in_window += clicks;
      until = std::min(until, day + kWindow - 1);
    }
  }
};

}  // namespace

LockedLinks lock_links(Session& session, const std::map<AccountLink, std::int64_t>& links, DayNumber today) {
  Pairs pairs;
  for (const auto& [link, clicks] : links) pairs.add(link);
  const Result rows = session.step(kLockLinks, pairs.parameters().day(today));
  LockedLinks locked;
  for (int row = 0; row < rows.rows(); ++row)
    locked.emplace_hint(locked.end(), AccountLink(rows.uuid(row, 0), rows.uuid(row, 1)), rows.boolean(row, 2));
  return locked;
}

void sum_window(Session& session, const LockedLinks& links, DayNumber today) {
  if (links.empty()) return;
  Pairs pairs;
  for (const auto& [link, holds] : links) pairs.add(link);
  session.step(kSumLinks, pairs.parameters().day(today));
}

void ClickTotals::add(DayNumber day, const Result& new_clicks) {
  for (int row = 0; row < new_clicks.rows(); ++row) {
    const AccountLink link(new_clicks.uuid(row, 0), new_clicks.uuid(row, 1));
    auto& counts = days_[{link, day}];
    const auto humans = new_clicks.integer(row, 2), bots = new_clicks.integer(row, 3);
    counts.humans += humans;
    counts.bots += bots;
    counts.uniques += new_clicks.integer(row, 4);
    links_[link] += humans + bots;
    clicks_ += humans + bots;
  }
}

// Adding locks what it adds to; the others have to be looked at, and summed anew if people came to them.
std::int64_t ClickTotals::store(Session& session, DayNumber today) const {
  if (days_.empty()) return 0;
  LockedLinks known = add_to_links(session, today);
  std::map<AccountLink, std::int64_t> others;
  for (const auto& link : links_)
    if (!known.contains(link.first)) others.insert(link);
  LockedLinks to_sum;
  if (!others.empty())
    for (const auto& [link, holds] : lock_links(session, others, today)) {
      known.emplace(link, holds);
      if (!holds) to_sum.emplace(link, holds);
    }
  add_to_days(session, known);
  sum_window(session, to_sum, today);
  std::int64_t gone = 0;
  for (const auto& [link, clicks] : links_)
    if (!known.contains(link)) gone += clicks;
  return gone;
}

void ClickTotals::add_to_days(Session& session, const LockedLinks& locked) const {
  BinaryArray accounts(Type::uuid), links(Type::uuid), days(Type::date), humans(Type::bigint), bots(Type::bigint),
      uniques(Type::bigint);
  for (const auto& [key, counts] : days_) {
    const auto& [link, day] = key;
    if (!locked.contains(link)) continue;
    accounts.uuid(link.first);
    links.uuid(link.second);
    days.day(day);
    humans.bigint(counts.humans);
    bots.bigint(counts.bots);
    uniques.bigint(counts.uniques);
  }
  Parameters parameters;
  parameters.array(accounts).array(links).array(days).array(humans).array(bots).array(uniques);
  session.step(kAddToDays, parameters);
}

// A link that only bots came to has nothing to add.
LockedLinks ClickTotals::add_to_links(Session& session, DayNumber today) const {
  std::map<AccountLink, WindowChange> changes;
  for (const auto& [key, counts] : days_) changes[key.first].add(key.second, counts.humans, today);
  Pairs pairs;
  BinaryArray humans(Type::bigint), until(Type::date);
  for (const auto& [link, change] : changes) {
    if (change.humans == 0) continue;
    pairs.add(link);
    humans.bigint(change.in_window);
    until.day(change.until);
  }
  const Result rows = session.step(kAddToLinks, pairs.parameters().array(humans).array(until).day(today));
  LockedLinks added;
  for (int row = 0; row < rows.rows(); ++row) added.emplace(AccountLink(rows.uuid(row, 0), rows.uuid(row, 1)), true);
  return added;
}

}  // namespace db
