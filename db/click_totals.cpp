#include "db/click_totals.hpp"

#include <algorithm>

#include "db/click_statements.hpp"
#include "db/session.hpp"

namespace db {
namespace {

constexpr DayNumber kWindow = 30;

using Type = BinaryArray::Type;

// The columns of kAddToLinks.
struct LinkColumns {
  BinaryArray accounts{Type::uuid}, links{Type::uuid}, anew{Type::boolean}, humans{Type::bigint}, until{Type::date};

  void add(const AccountLink& link, bool sum_anew, std::int64_t in_window, DayNumber last_day) {
    accounts.uuid(link.first);
    links.uuid(link.second);
    anew.boolean(sum_anew);
    humans.bigint(in_window);
    until.day(last_day);
  }

  void store(Session& session, DayNumber today) const {
    Parameters parameters;
    parameters.array(accounts).array(links).array(anew).array(humans).array(until).day(today);
    session.step(kAddToLinks, parameters);
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
  BinaryArray accounts(Type::uuid), ids(Type::uuid);
  for (const auto& [link, clicks] : links) {
    accounts.uuid(link.first);
    ids.uuid(link.second);
  }
  Parameters parameters;
  parameters.array(accounts).array(ids).day(today);
  const Result rows = session.step(kLockLinks, parameters);
  LockedLinks locked;
  for (int row = 0; row < rows.rows(); ++row)
    locked.emplace_hint(locked.end(), AccountLink(rows.uuid(row, 0), rows.uuid(row, 1)), rows.boolean(row, 2));
  return locked;
}

void recount_window(Session& session, const LockedLinks& links, DayNumber today) {
  LinkColumns columns;
  for (const auto& [link, holds] : links) columns.add(link, true, 0, kNoDay);
  columns.store(session, today);
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

std::int64_t ClickTotals::store(Session& session, DayNumber today) const {
  if (days_.empty()) return 0;
  const LockedLinks locked = lock_links(session, links_, today);
  add_to_days(session, locked);
  add_to_links(session, locked, today);
  std::int64_t gone = 0;
  for (const auto& [link, clicks] : links_)
    if (!locked.contains(link)) gone += clicks;
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

// A link that only bots came to has nothing to change.
void ClickTotals::add_to_links(Session& session, const LockedLinks& locked, DayNumber today) const {
  std::map<AccountLink, WindowChange> changes;
  for (const auto& [key, counts] : days_) changes[key.first].add(key.second, counts.humans, today);
  LinkColumns columns;
  for (const auto& [link, change] : changes) {
    const auto found = locked.find(link);
    if (found == locked.end() || change.humans == 0) continue;
    columns.add(link, !found->second, change.in_window, change.until);
  }
  columns.store(session, today);
}

}  // namespace db
