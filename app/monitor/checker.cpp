#include "app/monitor/checker.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/base/log.hpp"
#include "app/base/text.hpp"
#include "app/check/report.hpp"
#include "app/check/retry_after.hpp"
#include "app/check/url.hpp"

namespace monitor {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto kDoubtfulAgain = 60s;  // when nobody can be reached
constexpr int kLaterFactor = 10;      // of a quick re-check's wait, if that concluded nothing
constexpr std::size_t kMaxBaseline = 8192;
constexpr std::size_t kMostBooked = 10'000;

std::string host_of(const std::string& url) {
  const auto parsed = check::Url::parse(url);
  return parsed ? parsed->host() : std::string();
}

std::optional<check::FailureMode> mode_named(const std::optional<std::string>& name) {
  for (int mode = 0; name && mode <= static_cast<int>(check::FailureMode::slow); ++mode)
    if (check::failure_mode_name(static_cast<check::FailureMode>(mode)) == *name)
      return static_cast<check::FailureMode>(mode);
  return std::nullopt;
}

std::optional<std::string> name_of(const std::optional<check::FailureMode>& mode) {
  if (!mode) return std::nullopt;
  return std::string(check::failure_mode_name(*mode));
}

check::Verdict verdict_on(const db::DueLink& link, const check::Record& record,
                          const std::vector<db::Program>& programs, milliseconds slow_after) {
  return check::judge(link.url, record,
                      {.baseline = link.watch.baseline_url,
                       .accepted = link.watch.baseline_accepted,
                       .final_host = link.watch.expected_host,
                       .tag_parameter = link.watch.tag_parameter,
                       .program = link.program,
                       .programs = programs,
                       .slow_after = slow_after});
}

check::Belief belief_of(const db::DueLink& link) {
  return {.status = link.status,
          .suspicion = {.status = link.watch.suspected_status,
                        .mode = mode_named(link.watch.suspected_mode),
                        .times = link.watch.suspected_times}};
}

// What people wait for, and what may be an alert, does not queue behind all the checks of a large program.
bool is_urgent(const db::DueLink& link) {
  return link.asked || link.watch.suspected_status;
}

}  // namespace

check::FetchOptions fetch_options(const base::Config::Monitor& settings) {
  check::FetchOptions options;
  options.user_agent = settings.user_agent;
  options.cacert_file = settings.cacert_file;
  options.timeout = std::chrono::seconds(settings.timeout_s);
  options.kept_connections = 2 * settings.checks_at_once;
  for (const auto network : base::split_words(settings.allowed_networks)) try {
      options.guard.allow(network);
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(std::string("monitor.allowed_networks: ") + error.what());
    }
  for (const auto port : base::split_words(settings.allowed_ports))
    options.guard.allow_port(static_cast<std::uint16_t>(base::parse_int(port).value_or(0)));
  for (const auto entry : base::split_words(settings.resolve)) options.resolve.emplace_back(entry);
  if (settings.headless) options.headless_program = settings.headless_program;
  options.headless_at_once = settings.headless_at_once;
  options.headless_fault = [](const std::string& fault) {
    base::log::error("scripts_are_not_followed", {{"detail", fault}, {"hint", "see `quietleaks doctor`"}});
  };
  return options;
}

Checker::Checker(const base::Config::Monitor& settings)
    : settings_(settings), politeness_(most_waiting()), fetcher_(fetch_options(settings), &politeness_) {}

void Checker::turn(Incoming&& incoming) {
  if (incoming.programs) programs_ = std::move(incoming.programs);
  if (incoming.wishes_lost) politeness_.ask_again();
  politeness_.grant(incoming.grants, Clock::now());
  for (auto& link : incoming.links) waiting_.push_back(std::make_shared<const db::DueLink>(std::move(link)));
  begin();
  fetcher_.turn(0ms);
}

void Checker::begin() {
  if (!programs_) return;
  while (!waiting_.empty() && links_.size() < static_cast<std::size_t>(settings_.checks_at_once)) {
    const Link link = std::move(waiting_.front());
    waiting_.pop_front();
    if (closing_)
      postpone(*link, 0ms);
    else if (!begin(link))
      continue;
  }
}

// A link whose host has enough to do gets an appointment: it leaves its place to others, and comes back when its turn
// will have come, however many there are of that host. Urgent ones have room where there is none for others.
bool Checker::begin(const Link& link) {
  const std::string host = host_of(link->url);
  if (politeness_.busy(host) && !(is_urgent(*link) && politeness_.waiting(host) + 2 < 2 * most_waiting())) {
    postpone(*link, appointment(*link, host));
    return false;
  }
  links_[link->link_id] = link;
  const auto judge = [link, programs = programs_, slow_after = milliseconds(settings_.slow_after_ms)](
                         const check::Record& record) { return verdict_on(*link, record, *programs, slow_after); };
  fetcher_.start(link->url, judge, [this, link](check::Record&& record, check::Verdict&& verdict) {
    done(link, std::move(record), verdict);
  });
  return true;
}

milliseconds Checker::appointment(const db::DueLink& link, const std::string& host) {
  const auto now = Clock::now();
  const auto open = politeness_.until_open(host, now);
  if (booked_.size() > kMostBooked) std::erase_if(booked_, [&](const auto& entry) { return entry.second < now; });
  const milliseconds gap(std::max(settings_.host_gap_ms, 20));
  if (is_urgent(link)) return std::max<milliseconds>(open, gap * static_cast<int>(politeness_.waiting(host) + 1));
  auto& until = booked_[host];
  until = std::max(until, now + gap * static_cast<int>(politeness_.waiting(host))) + gap;
  return std::max(open, std::chrono::duration_cast<milliseconds>(until - now));
}

void Checker::postpone(const db::DueLink& link, milliseconds by) {
  out_.postponed.push_back({.account_id = link.account_id, .link_id = link.link_id, .due_in_ms = by.count()});
}

void Checker::done(const Link& link, check::Record&& record, const check::Verdict& verdict) {
  // Taken once more meanwhile, because it was changed or this took so long: what comes of that is what counts.
  const auto at = links_.find(link->link_id);
  if (at == links_.end() || at->second != link) return;
  links_.erase(at);
  const auto now = Clock::now();
  const std::string host = host_of(record.hops.back().url);
  connectivity_.note(record, host, now);
  // Only what is reached ends the doubts.
  const bool doubts = connectivity_.doubts(record, now) || (doubting_ && !Connectivity::reached(record));
  if (doubts != std::exchange(doubting_, doubts)) {
    if (doubts)
      base::log::error("nobody_can_be_reached",
                       {{"detail", record.error}, {"hint", "links keep their status meanwhile"}});
    else
      base::log::info("it_works_again", {{"what", "nobody_can_be_reached"}});
  }
  if (doubts) return postpone(*link, kDoubtfulAgain);
  if (record.ending == check::Ending::crowded)
    return postpone(*link, appointment(*link, host_of(record.hops.back().location.value_or(""))));
  if (const auto peace = check::retry_after(record, base::unix_seconds()))
    out_.returned.push_back({.host = host, .count = 0, .block_ms = peace->count()});
  out_.results.push_back(result_of(*link, record, verdict));
}

db::CheckResult Checker::result_of(const db::DueLink& link, const check::Record& record,
                                   const check::Verdict& verdict) {
  const auto conclusion = check::conclude(belief_of(link), verdict);
  const auto& last = record.hops.back();
  db::CheckResult result{.account_id = link.account_id, .link_id = link.link_id, .check = {}};
  result.check = {.id = base::random_uuid(),
                  .checked_at = 0,
                  .outcome = std::string(check::outcome_name(verdict.outcome)),
                  .status = verdict.status,
                  .failure_mode = name_of(verdict.failure_mode),
                  .confirmed = conclusion.believed,
                  .final_url = base::replace_bad_utf8(last.url),
                  .http_status = last.http_status,
                  .duration_ms = static_cast<int>(record.duration.count()),
                  .hops = check::hops_json(record),
                  .evidence = check::evidence_json(verdict.evidence)};
  const bool well = verdict.status == db::LinkStatus::healthy || verdict.status == db::LinkStatus::slow;
  if (conclusion.believed && well && last.url.size() <= kMaxBaseline) result.baseline_url = result.check.final_url;
  result.suspected_status = conclusion.suspicion.status;
  result.suspected_mode = name_of(conclusion.suspicion.mode);
  result.suspected_times = conclusion.suspicion.times;
  result.due_in_ms =
      std::max(until_next(link, conclusion), check::retry_after(record, base::unix_seconds()).value_or(milliseconds(0)))
          .count();
  return result;
}

// Spread: the first checks of links that came together are spread over the whole interval, and each interval a little.
milliseconds Checker::until_next(const db::DueLink& link, const check::Conclusion& conclusion) {
  const milliseconds interval = std::chrono::seconds(link.interval_s);
  const milliseconds quick = std::chrono::seconds(settings_.recheck_after_s);
  if (conclusion.next == check::Next::soon) return std::min(quick, interval);
  if (conclusion.next == check::Next::later) return std::min(quick * kLaterFactor, interval);
  std::uniform_real_distribution<double> share(link.first ? 0.1 : 0.97, link.first ? 1.0 : 1.03);
  return milliseconds(static_cast<std::int64_t>(static_cast<double>(interval.count()) * share(random_)));
}

Outgoing Checker::take_outgoing() {
  for (auto& turns : politeness_.take_returned()) out_.returned.push_back(std::move(turns));
  out_.wishes = politeness_.wanted(Clock::now());
  const int room = settings_.checks_at_once - static_cast<int>(links_.size() + waiting_.size());
  out_.room = closing_ ? 0 : std::max(room, 0);
  return std::exchange(out_, {});
}

void Checker::give_up() {
  for (const auto& [id, link] : links_) postpone(*link, 0ms);
  for (const auto& link : waiting_) postpone(*link, 0ms);
  links_.clear();
  waiting_.clear();
}

}  // namespace monitor
