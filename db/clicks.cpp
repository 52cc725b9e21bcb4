// The flush. What it inserts is sorted by the primary key, so that the index is walked, not jumped about in; the
// counters are added up before they go to the database, so that a link costs one update however often it was clicked.
#include "db/clicks.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_set>

#include "db/click_statements.hpp"
#include "db/click_totals.hpp"
#include "db/error.hpp"
#include "db/session.hpp"

namespace db {
namespace {

constexpr std::int64_t kDayMicros = 86400LL * 1000000;
constexpr int kDefaultDevice = 1;  // SQL's arrays begin at 1

using Order = std::vector<const Click*>;
using AccountDay = std::pair<Uuid, DayNumber>;

DayNumber day_of(const Click& click) {
  return static_cast<DayNumber>(click.time_us / kDayMicros - (click.time_us % kDayMicros < 0));
}

struct IdHash {
  std::size_t operator()(const Uuid& id) const {
    std::size_t hash = 0;
    std::copy_n(id.begin(), sizeof hash, reinterpret_cast<std::uint8_t*>(&hash));
    return hash;
  }
};

// One click for each id, in the order of the primary key; of a visitor's clicks, people's come before bots'.
Order sorted(std::span<const Click> clicks) {
  Order order;
  order.reserve(clicks.size());
  std::unordered_set<Uuid, IdHash> seen(clicks.size());
  for (const auto& click : clicks)
    if (seen.insert(click.id).second) order.push_back(&click);
  std::sort(order.begin(), order.end(), [](const Click* a, const Click* b) {
    const auto day_a = day_of(*a), day_b = day_of(*b);
    return std::tie(a->account_id, day_a, a->link_id, a->visitor, a->bot, a->id) <
           std::tie(b->account_id, day_b, b->link_id, b->visitor, b->bot, b->id);
  });
  return order;
}

// The columns of insert_clicks().
struct ClickColumns {
  using Type = BinaryArray::Type;
  BinaryArray accounts{Type::uuid}, links{Type::uuid}, visitors{Type::bigint}, ids{Type::uuid},
      times{Type::timestamptz}, bots{Type::boolean}, firsts{Type::boolean}, devices{Type::integer},
      countries{Type::text}, referrers{Type::text};
  const Click* last = nullptr;

  void add(const Click& click) {
    accounts.uuid(click.account_id);
    links.uuid(click.link_id);
    visitors.bigint(static_cast<std::int64_t>(click.visitor));
    ids.uuid(click.id);
    times.time(click.time_us);
    bots.boolean(click.bot);
    firsts.boolean(first_of_visitor(click));
    devices.integer(static_cast<int>(click.device) + kDefaultDevice);
    click.country[0] ? countries.text({click.country.data(), 2}) : countries.null();
    click.referrer_host.empty() ? referrers.null() : referrers.text(click.referrer_host);
    last = &click;
  }

  bool first_of_visitor(const Click& click) const {
    if (click.bot || click.visitor == 0) return false;
    return !last || std::tie(click.visitor, click.link_id, click.account_id) !=
                        std::tie(last->visitor, last->link_id, last->account_id);
  }

  Parameters parameters() const {
    Parameters parameters;
    for (const BinaryArray* column :
         {&accounts, &links, &visitors, &ids, &times, &bots, &firsts, &devices, &countries, &referrers})
      parameters.array(*column);
    return parameters;
  }
};

using Partition = std::pair<int, DayNumber>;  // days of keeping, and the day

// Thrown to roll back: somebody else has counted.
struct PositionMoved {};

bool move_positions(Session& session, const Uuid& journal, std::span<const SegmentProgress> progress) {
  using Type = BinaryArray::Type;
  BinaryArray segments(Type::uuid), from(Type::bigint), to(Type::bigint);
  for (const auto& step : progress) {
    segments.uuid(step.segment);
    from.bigint(step.from);
    to.bigint(step.to);
  }
  Parameters parameters;
  parameters.uuid(journal).array(segments).array(from).array(to);
  return session.step(kMovePositions, parameters).integer(0, 0) == static_cast<std::int64_t>(progress.size());
}

std::map<AccountDay, int> pin_days(Session& session, const Order& clicks) {
  BinaryArray accounts(BinaryArray::Type::uuid), days(BinaryArray::Type::date);
  AccountDay last{{}, kNoDay};
  for (const Click* click : clicks) {
    const AccountDay now(click->account_id, day_of(*click));
    if (now == last) continue;
    last = now;
    accounts.uuid(now.first);
    days.day(now.second);
  }
  Parameters parameters;
  parameters.array(accounts).array(days);
  const Result rows = session.step(kPinDays, parameters);
  std::map<AccountDay, int> keep;
  for (int row = 0; row < rows.rows(); ++row) keep[{rows.uuid(row, 0), rows.day(row, 1)}] = rows.integer32(row, 2);
  return keep;
}

std::map<Partition, ClickColumns> by_partition(Session& session, const Order& clicks) {
  std::map<Partition, ClickColumns> partitions;
  const auto keep = pin_days(session, clicks);
  for (const Click* click : clicks) {
    const auto day = day_of(*click);
    partitions[{keep.at({click->account_id, day}), day}].add(*click);
  }
  return partitions;
}

void ensure_partition(Session& session, const Partition& partition) {
  Parameters parameters;
  parameters.integer(partition.first).day(partition.second).day(partition.second);
  session.step(kEnsurePartitions, parameters);
}

}  // namespace

FlushResult Clicks::flush(const Uuid& journal, std::span<const Click> clicks, std::span<const SegmentProgress> progress,
                          DayNumber today) {
  try {
    return try_flush(journal, clicks, progress, today);
  } catch (const Error& error) {
    // No partition for a click (but no check of a column, which would name itself): it was dropped since we saw it.
    if (error.sqlstate() != "23514" || !error.constraint().empty() || partitions_.empty()) throw;
    partitions_.clear();
    return try_flush(journal, clicks, progress, today);
  }
}

FlushResult Clicks::try_flush(const Uuid& journal, std::span<const Click> clicks,
                              std::span<const SegmentProgress> progress, DayNumber today) {
  const Order order = sorted(clicks);
  FlushResult result;
  std::set<Partition> touched;
  const auto count = [&](soci::session&) {
    touched.clear();
    session_.step(kCountingLock, {});
    if (!move_positions(session_, journal, progress)) throw PositionMoved{};
    ClickTotals totals;
    for (const auto& [partition, columns] : by_partition(session_, order)) {
      if (!partitions_.contains(partition)) ensure_partition(session_, partition);
      touched.insert(partition);
      totals.add(partition.second,
                 session_.step(insert_clicks(partition.second, partition.first), columns.parameters()));
    }
    result.clicks = totals.clicks();
    result.links_gone = totals.store(session_, today);
  };
  try {
    session_.write("count clicks", count);
  } catch (const PositionMoved&) {
    return {};
  }
  partitions_.merge(touched);
  result.counted = true;
  result.repeated = static_cast<std::int64_t>(clicks.size()) - result.clicks;
  return result;
}

}  // namespace db
