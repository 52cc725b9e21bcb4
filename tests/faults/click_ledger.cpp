#include "tests/faults/click_ledger.hpp"

#include <memory>
#include <set>
#include <sstream>
#include <unordered_map>

#include <libpq-fe.h>

namespace faults {
namespace {

constexpr int kMostTold = 20;

struct Row {
  std::string id;  // 32 hexadecimal digits
  std::string referrer;
  std::string link;
  bool bot = false;
};

std::vector<Row> all_clicks(const std::string& url) {
  support::PlainSession session(url);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(
      PQexec(session.get(), "select replace(id::text, '-', ''), coalesce(referrer_host, ''), link_id, bot from clicks"),
      PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(session.get()));
  std::vector<Row> rows;
  for (int i = 0; i < PQntuples(result.get()); ++i)
    rows.push_back({PQgetvalue(result.get(), i, 0), PQgetvalue(result.get(), i, 1), PQgetvalue(result.get(), i, 2),
                    *PQgetvalue(result.get(), i, 3) == 't'});
  return rows;
}

std::string referrer_of(const Visit& visit) {
  return "r" + std::to_string(visit.number) + ".example";
}

// Days whose counters are not what the single clicks add up to, or whose unique visitors are not that many.
constexpr const char* kDaysWrong = R"(
  select count(*)
    from (select link_id, day, count(*) filter (where not bot) as humans, count(*) filter (where bot) as bots,
                 count(*) filter (where unique_of_day) as uniques,
                 count(distinct visitor) filter (where not bot and visitor <> 0) as visitors
            from clicks group by link_id, day) as rows
    full join link_clicks_daily as days using (link_id, day)
   where (coalesce(rows.humans, 0), coalesce(rows.bots, 0), coalesce(rows.uniques, 0))
         <> (coalesce(days.humans, 0), coalesce(days.bots, 0), coalesce(days.uniques, 0))
      or rows.uniques <> rows.visitors)";

std::string sums_wrong(const std::string& today) {
  return "select count(*) from links where date " + today +
         " between clicks_day and coalesce(clicks_until, clicks_day) and clicks_30d <> (select coalesce(sum(humans), "
         "0) "
         "from link_clicks_daily as d where (d.account_id, d.link_id) = (links.account_id, links.id) and day between "
         "date " +
         today + " - 29 and date " + today + ")";
}

}  // namespace

bool Verdict::good() const {
  return lost == 0 && twice == 0 && foreign == 0 && twisted == 0 && days_wrong == 0 && sums_wrong == 0 && left == 0 &&
         recount_exit == 0 && counted >= answered && counted <= sent;
}

std::string Verdict::counts() const {
  std::ostringstream text;
  text << sent << " sent, " << answered << " answered, " << counted << " counted";
  const std::pair<const char*, std::int64_t> wrongs[] = {
      {"LOST", lost},      {"TWICE", twice},           {"FOREIGN", foreign},       {"TWISTED", twisted},
      {"LEFT OVER", left}, {"DAYS WRONG", days_wrong}, {"SUMS WRONG", sums_wrong}, {"RECOUNT EXIT", recount_exit}};
  for (const auto& [name, count] : wrongs)
    if (count != 0) text << ", " << name << ' ' << count;
  if (recount_exit != 0) text << ": " << recount_said;
  return text.str();
}

void Verdict::wrong(long& count, const std::string& what) {
  ++count;
  if (told_++ < kMostTold) difference += "\n    " + what;
}

void ClickLedger::add(const std::vector<Visit>& visits) {
  visits_.insert(visits_.end(), visits.begin(), visits.end());
}

Verdict ClickLedger::check(double seconds, const std::string& today) const {
  Verdict verdict;
  verdict.left = instance_.drained(seconds) ? 0 : instance_.unflushed();
  compare_rows(verdict);
  compare_counters(verdict, today.empty()
                                ? instance_.database().sql("select quote_literal((now() at time zone 'utc')::date)")
                                : "'" + today + "'");
  verdict.recount_exit = instance_.recount(verdict.recount_said);
  return verdict;
}

void ClickLedger::compare_rows(Verdict& verdict) const {
  std::unordered_map<std::string, const Visit*> sent;
  for (const auto& visit : visits_) sent.emplace(referrer_of(visit), &visit);
  std::set<std::string> ids;
  std::set<std::string> requests;
  for (const auto& row : all_clicks(instance_.database().url())) {
    ++verdict.counted;
    const bool same_id = !ids.insert(row.id).second, same_request = !requests.insert(row.referrer).second;
    const std::string name = row.id + " from " + row.referrer;
    if (same_id || same_request) verdict.wrong(verdict.twice, "twice: " + name);
    const auto visit = sent.find(row.referrer);
    if (visit == sent.end())
      verdict.wrong(verdict.foreign, "never sent: " + name);
    else if (row.bot || instance_.links()[visit->second->link].id != row.link)
      verdict.wrong(verdict.twisted, "of another link, or a bot: " + name);
  }
  for (const auto& visit : visits_) {
    ++verdict.sent;
    if (visit.status != 302) continue;
    ++verdict.answered;
    if (!ids.contains(visit.id) || !requests.contains(referrer_of(visit)))
      verdict.wrong(verdict.lost, "lost: " + visit.id + " from " + referrer_of(visit));
  }
}

void ClickLedger::compare_counters(Verdict& verdict, const std::string& today) const {
  verdict.days_wrong = std::stol(instance_.database().sql(kDaysWrong));
  verdict.sums_wrong = std::stol(instance_.database().sql(sums_wrong(today)));
}

}  // namespace faults
