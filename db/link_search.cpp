#include "db/link_search.hpp"

#include <algorithm>
#include <cmath>

#include "db/array.hpp"
#include "db/link_search_statements.hpp"
#include "db/session.hpp"

namespace db {
namespace {

constexpr std::int64_t kBeyondAllLinks = 1LL << 53;
constexpr std::int64_t kMicros = 1'000'000;

// What is known of the account and of each condition before the way is chosen.
struct Known {
  explicit Known(Result head_row) : head(std::move(head_row)) {}

  std::int64_t count(SearchHeadColumn column) const { return head.integer(0, column); }
  bool has(SearchHeadColumn column) const { return !head.null(0, column); }

  Result head;
};

// One search in one snapshot.
class Search {
 public:
  Search(Session& session, const Uuid& account_id, const LinkFilter& filter, DayNumber today)
      : session_(session), account_id_(account_id), filter_(filter), today_(today) {
    for (const auto status : kAllStatuses)
      if (filter.statuses.empty() ||
          std::find(filter.statuses.begin(), filter.statuses.end(), status) != filter.statuses.end())
        statuses_.text(status_name(status));
  }

  // False: there is no such account. `cursor_link` as of LinkSearchQuery.
  bool look(const std::optional<Uuid>& cursor_link);
  std::optional<LinkCursor> cursor_at(const Uuid& link_id) const;  // look() must have been given it
  Uuid version() const { return known_->head.uuid(0, kHeadLinksVersion); }

  // Reads up to `limit` links; the way depends on all of these.
  void read(const std::optional<LinkCursor>& cursor, std::int64_t offset, int limit);
  std::vector<Link> links() const;
  LinkCursor cursor_behind(int link) const;
  int found() const { return rows_->rows() - first_; }

  std::optional<std::int64_t> total() const;  // exact; read() first

 private:
  static constexpr std::array kAllStatuses = {LinkStatus::pending, LinkStatus::healthy, LinkStatus::broken,
                                              LinkStatus::redirected, LinkStatus::slow};

  // A way and the rows that lie on it, of which a share is what is looked for.
  struct Offer {
    LinkWay way;
    double cost;
  };

  void probe_times();
  double rows_of_text() const;
  void offer_gathering(LinkWay way, double rows, double price);
  void offer_walk(LinkWay way, double rows, double price, double wanted);
  LinkWay choose(double wanted, bool text_is_rare);
  void run(LinkWay way, const std::optional<LinkCursor>& cursor, std::int64_t offset, int limit);

  std::int64_t created_after() const {
    return filter_.created_after ? *filter_.created_after * kMicros : kBeforeAllTimes;
  }
  std::int64_t created_before() const {
    return filter_.created_before ? *filter_.created_before * kMicros : kAfterAllTimes;
  }

  Session& session_;
  const Uuid account_id_;
  const LinkFilter& filter_;
  const DayNumber today_;
  BinaryArray statuses_{BinaryArray::Type::text};
  std::optional<Known> known_;
  double links_ = 0;     // of the account
  double matching_ = 0;  // an estimate
  std::optional<Offer> best_;
  std::optional<double> created_, checked_;  // rows, where they are known to be few
  std::optional<Result> rows_;
  int first_ = 0;  // row of a link
};

bool Search::look(const std::optional<Uuid>& cursor_link) {
  Parameters parameters;
  parameters.uuid(account_id_).array(statuses_);
  for (const auto* text : {&filter_.program, &filter_.tag, &filter_.text})
    *text ? parameters.text(**text) : parameters.null();
  parameters.uuid(cursor_link);
  Result head = session_.query(kSearchHead, parameters);
  if (head.rows() == 0) return false;
  known_.emplace(std::move(head));
  return true;
}

std::optional<LinkCursor> Search::cursor_at(const Uuid& link_id) const {
  if (!known_->has(kCursorCreatedAt)) return std::nullopt;
  LinkCursor cursor{.id = link_id, .number = 0, .text = {}};
  switch (filter_.sort) {
    case LinkSort::created_at:
      cursor.number = known_->head.micros(0, kCursorCreatedAt);
      break;
    case LinkSort::clicks_30d:
      cursor.number = known_->count(kCursorClicks);
      break;
    case LinkSort::label:
      cursor.text = known_->head.text(0, kCursorLabel);
      break;
    case LinkSort::last_checked_at:
      cursor.number = known_->head.micros(0, kCursorCheckedAt);
  }
  return cursor;
}

void Search::offer_gathering(LinkWay way, double rows, double price) {
  const double cost = rows * price;
  if (!best_ || cost < best_->cost) best_ = Offer{way, cost};
}

// Until `wanted` of the matching links have come by, which are thought to lie anywhere on the way.
void Search::offer_walk(LinkWay way, double rows, double price, double wanted) {
  const double cost = std::min(rows, wanted * rows / std::max(matching_, 0.5)) * price;
  if (!best_ || cost < best_->cost) best_ = Offer{way, cost};
}

// Times are not counted anywhere: only whether they leave few links is worth knowing.
void Search::probe_times() {
  if (filter_.created_after || filter_.created_before) {
    const auto count =
        session_.query(kProbeCreated, Parameters().uuid(account_id_).time(created_after()).time(created_before()))
            .integer(0, 0);
    if (count <= kProbe) created_ = static_cast<double>(count);
  }
  if (filter_.checked_before) {
    const auto count =
        session_.query(kProbeChecked, Parameters().uuid(account_id_).time(*filter_.checked_before * kMicros))
            .integer(0, 0);
    if (count <= kProbe) checked_ = static_cast<double>(count);
  }
}

// A text that none or only one of the sample has is thought to be rare: to walk for a rare one costs more than to
// gather a common one, of which no more than a bound is gathered.
double Search::rows_of_text() const {
  const auto hits = static_cast<double>(known_->count(kSampleHits));
  return hits <= 1 ? links_ / 2000 : links_ * hits / static_cast<double>(known_->count(kSampleLinks));
}

// A link that is read, sorted and kept costs some three times one that a walk passes by; one behind a join, twice.
LinkWay Search::choose(double wanted, bool text_is_rare) {
  constexpr double kGathered = 3, kJoined = 2;
  links_ = std::max(static_cast<double>(known_->count(kHeadLinks)), 1.0);
  const double of_status = static_cast<double>(known_->count(kHeadOfStatuses));
  const double of_program = static_cast<double>(known_->count(kHeadOfProgram));
  const double of_tag = static_cast<double>(known_->count(kHeadOfTag));
  probe_times();

  matching_ = links_;
  best_.reset();
  const auto narrow = [&](bool asked, LinkWay way, double rows, double price) {
    if (!asked) return;
    matching_ *= std::min(rows / links_, 1.0);
    offer_gathering(way, rows, price);
  };
  narrow(!filter_.statuses.empty(), LinkWay::gather_status, of_status, kGathered);
  narrow(filter_.program.has_value(), LinkWay::gather_program, of_program, kGathered);
  narrow(filter_.tag.has_value(), LinkWay::gather_tag, of_tag, kGathered + kJoined);
  narrow(created_.has_value(), LinkWay::gather_created, created_.value_or(0), kGathered);
  narrow(checked_.has_value(), LinkWay::gather_checked, checked_.value_or(0), kGathered + kJoined);
  if (filter_.text && !text_is_rare) matching_ *= std::min(kMostOfText / links_, 1.0);
  narrow(filter_.text && text_is_rare, LinkWay::gather_text, rows_of_text(), 2 * kGathered);

  const bool by_creation = filter_.sort == LinkSort::created_at;
  const double price = by_creation || filter_.sort == LinkSort::label ? 1 : kJoined;
  offer_walk(LinkWay::in_order, links_, price, wanted);
  if (!filter_.statuses.empty() && filter_.sort != LinkSort::label)
    offer_walk(LinkWay::in_order_status, of_status, price, wanted * static_cast<double>(filter_.statuses.size()));
  if (filter_.program && by_creation) offer_walk(LinkWay::in_order_program, of_program, 1, wanted);
  if (filter_.tag && by_creation) offer_walk(LinkWay::in_order_tag, of_tag, kJoined, wanted);
  return best_->way;
}

void Search::read(const std::optional<LinkCursor>& cursor, std::int64_t offset, int limit) {
  const double wanted = static_cast<double>(limit) + static_cast<double>(offset);
  const LinkWay way = choose(wanted, true);
  run(way, cursor, offset, limit);
  if (way == LinkWay::gather_text && rows_->integer(0, kClicks) < 0) run(choose(wanted, false), cursor, offset, limit);
}

void Search::run(LinkWay way, const std::optional<LinkCursor>& cursor, std::int64_t offset, int limit) {
  first_ = gathers(way) ? 1 : 0;
  Parameters parameters;
  parameters.uuid(account_id_).day(today_).integer(limit).integer(std::min(offset, kBeyondAllLinks)).array(statuses_);
  filter_.program ? parameters.text(known_->head.view(0, kHeadProgram)) : parameters.null();
  filter_.tag ? parameters.text(*filter_.tag) : parameters.null();
  filter_.text ? parameters.text(known_->head.view(0, kHeadText)) : parameters.null();
  parameters.time(created_after()).time(created_before());
  filter_.checked_before ? parameters.time(*filter_.checked_before * kMicros) : parameters.null();
  if (cursor) {
    parameters.uuid(cursor->id);
    if (filter_.sort == LinkSort::label)
      parameters.text(cursor->text);
    else
      filter_.sort == LinkSort::clicks_30d ? parameters.integer(cursor->number) : parameters.time(cursor->number);
  }
  rows_.emplace(
      session_.query(search_statement(way, filter_.sort, filter_.descending, cursor.has_value()), parameters));
}

std::vector<Link> Search::links() const {
  std::vector<Link> links;
  links.reserve(static_cast<std::size_t>(found()));
  for (int row = first_; row < rows_->rows(); ++row) links.push_back(parse_link(*rows_, row));
  return links;
}

LinkCursor Search::cursor_behind(int link) const {
  const int row = first_ + link;
  LinkCursor cursor{.id = rows_->uuid(row, kId), .number = 0, .text = {}};
  if (filter_.sort == LinkSort::label)
    cursor.text = rows_->text(row, kSearchKey);
  else if (filter_.sort == LinkSort::clicks_30d)
    cursor.number = rows_->integer(row, kSearchKey);
  else
    cursor.number = rows_->micros(row, kSearchKey);
  return cursor;
}

std::optional<std::int64_t> Search::total() const {
  if (first_ == 1) return rows_->integer(0, kClicks);
  if (filter_.everything()) return known_->count(kHeadLinks);
  const bool others = filter_.text || filter_.created_after || filter_.created_before || filter_.checked_before;
  const int facets = (filter_.statuses.empty() ? 0 : 1) + (filter_.program ? 1 : 0) + (filter_.tag ? 1 : 0);
  if (others || facets > 1) return std::nullopt;
  return known_->count(filter_.program ? kHeadOfProgram : filter_.tag ? kHeadOfTag : kHeadOfStatuses);
}

}  // namespace

bool LinkFilter::everything() const {
  return statuses.empty() && !program && !tag && !text && !created_after && !created_before && !checked_before;
}

std::optional<FoundLinks> LinkSearch::page(const LinkSearchQuery& query) {
  std::optional<FoundLinks> answer;
  session_.snapshot("list links", kSearchSettings, [&] {
    answer.reset();
    Search search(session_, query.account_id, query.filter, query.today);
    std::optional<LinkCursor> cursor;
    if (!search.look(query.starting_after)) {
      if (!query.starting_after) answer.emplace();
      return;
    }
    if (query.starting_after && !(cursor = search.cursor_at(*query.starting_after))) return;
    search.read(cursor, query.offset, query.limit + 1);  // one more tells whether the page is the last

    auto& found = answer.emplace();
    found.page.version = search.version();
    found.page.links = search.links();
    found.page.more = search.found() > query.limit;
    if (found.page.more) found.page.links.pop_back();
    const auto total = search.total();
    const bool ended = !found.page.more && !cursor && (search.found() > 0 || query.offset == 0);
    found.total_exact = total || ended;
    found.page.total = total.value_or((search.found() > 0 ? query.offset : 0) + search.found());
  });
  return answer;
}

std::vector<Link> LinkSearch::next(const Uuid& account_id, const LinkFilter& filter, DayNumber today,
                                   std::optional<LinkCursor>& cursor, int limit) {
  std::vector<Link> links;
  std::optional<LinkCursor> behind;
  session_.snapshot("list links", kSearchSettings, [&] {
    Search search(session_, account_id, filter, today);
    links.clear();
    if (!search.look(std::nullopt)) return;
    search.read(cursor, 0, limit);
    links = search.links();
    if (!links.empty()) behind = search.cursor_behind(search.found() - 1);
  });
  if (behind) cursor = std::move(behind);
  return links;
}

LinkWords LinkSearch::words(const Uuid& account_id, int most) {
  const Result rows = session_.query(kLinkWords, Parameters().uuid(account_id).integer(most));
  return {.programs = rows.texts(0, 0), .tags = rows.texts(0, 1)};
}

}  // namespace db
