#include "app/cli/clicks_status.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace cli {
namespace {

constexpr std::int64_t kLateMs = 30'000;  // as the clicks process's alarm in the log
constexpr std::int64_t kOldMapSeconds = 60;
constexpr std::int64_t kStillSeconds = 10;  // it counts twice a second, or looks that there is nothing to count

// Seconds since then; none: never. Clocks that jump make nothing younger than now.
std::optional<std::int64_t> age(db::UnixSeconds time, db::UnixSeconds now) {
  if (time == 0) return std::nullopt;
  return std::max<std::int64_t>(now - time, 0);
}

std::string ago(db::UnixSeconds time, db::UnixSeconds now) {
  const auto seconds = age(time, now);
  return seconds ? duration(*seconds) + " ago" : "never";
}

Value time_or_null(db::UnixSeconds time) {
  return time == 0 ? Value() : time_value(time);
}

// Nothing waiting is nothing lost: what it is about is said by the more telling of two warnings.
void warn_of_the_process(const ClicksView& clicks, db::UnixSeconds started_at, db::UnixSeconds now,
                         std::vector<ClicksWarning>& warnings) {
  const auto still = age(clicks.flushed_at == 0 ? started_at : clicks.flushed_at, now).value_or(0);
  if (clicks.pid == 0)
    warnings.push_back({"no_clicks_process",
                        "no clicks process is at work: the journal grows, the link map stands still",
                        "The master starts it anew by itself. If this stays, the log says why it ends (clicks)."});
  else if (still > kStillSeconds)
    warnings.push_back({"counting_stands_still", "counting has stood still for " + duration(still),
                        "Redirects go on, and no click is lost: they are in the journal. The log says why "
                        "(clicks_not_counted, journal_not_read); `quietleaks doctor` looks at the database."});
  if (clicks.lag_ms > kLateMs && !clicks.positions_unknown)
    warnings.push_back({"clicks_late",
                        counted(clicks.unflushed_clicks, "click") + " not in the database yet, the oldest for " +
                            duration(clicks.lag_ms / 1000),
                        "None is lost: they are in the journal. Does the database take writes? `quietleaks doctor` "
                        "looks at it."});
  if (clicks.damaged_records > 0)
    warnings.push_back({"journal_damaged",
                        counted(clicks.damaged_records, "record") + " of the journal could not be used",
                        "Those clicks are not counted. Look at the disk of server.state_dir (dmesg, smartctl)."});
}

void warn_of_writing(const WorkerView& workers, std::vector<ClicksWarning>& warnings) {
  if (workers.clicks_held > 0)
    warnings.push_back(
        {"clicks_held",
         counted(workers.clicks_held, "click") + " held in memory, because the journal cannot be written",
         "Make room on the file system of server.state_dir, or look at its disk; then they are written. "
         "Do not restart before: that loses them."});
  if (workers.clicks_lost > 0)
    warnings.push_back(
        {"clicks_lost", counted(workers.clicks_lost, "click") + " lost since the server was started",
         "Their visitors were redirected, but nothing counts them. The log says when and why; it takes a "
         "full or broken disk under server.state_dir."});
}

void warn_of_the_map(const ClicksView& clicks, db::UnixSeconds now, std::vector<ClicksWarning>& warnings) {
  const auto seconds = age(clicks.map_synced_at, now);
  if (seconds && *seconds <= kOldMapSeconds) return;
  const bool never_built = !seconds && clicks.map_links == 0;
  const std::string hint = clicks.map_rebuilding > 0
                               ? "It is being read anew: " + counted(clicks.map_rebuilding, "link") + " so far."
                               : std::string(never_built ? "" : "Redirects go on from the file. ") +
                                     "Does the database answer? `quietleaks doctor` looks at it.";
  warnings.push_back(
      {"map_old",
       seconds       ? "the link map is of " + duration(*seconds) + " ago: redirects know nothing of later changes"
       : never_built ? "the link map is empty: as long as the database does not answer, every visitor gets a 503"
                     : "the link map has not been held against the database since the server was started",
       hint});
}

std::string counting_line(const ClicksView& clicks) {
  char text[256];
  std::snprintf(
      text, sizeof text,
      "Clicks: %lld counted, %lld came twice, %lld damaged. %s%lld waiting, the oldest for %.1f s. %lld failed "
      "flushes.",
      static_cast<long long>(clicks.flushed_clicks), static_cast<long long>(clicks.repeated_clicks),
      static_cast<long long>(clicks.damaged_records), clicks.positions_unknown ? "At most " : "",
      static_cast<long long>(clicks.unflushed_clicks), static_cast<double>(clicks.lag_ms) / 1000,
      static_cast<long long>(clicks.flush_failures));
  return text;
}

std::string journal_line(const ClicksView& clicks, const WorkerView& workers) {
  char size[32];
  std::snprintf(size, sizeof size, "%.1f MiB", static_cast<double>(clicks.journal_bytes) / (1 << 20));
  return "Journal: " + std::string(size) + " in " + counted(clicks.journal_segments, "segment") + "; " +
         counted(workers.clicks_journalled, "click") + " written, " + std::to_string(workers.clicks_held) + " held, " +
         std::to_string(workers.clicks_lost) + " lost, " + counted(workers.journal_errors, "error") + ".";
}

std::string map_line(const ClicksView& clicks, db::UnixSeconds now) {
  std::string text =
      "Link map: " + counted(clicks.map_links, "link") + ", true " + ago(clicks.map_synced_at, now) + ".";
  if (clicks.map_rebuilding > 0) text += " Read anew: " + counted(clicks.map_rebuilding, "link") + " so far.";
  return text + " Database last seen " + ago(clicks.database_at, now) + ".";
}

}  // namespace

std::vector<ClicksWarning> clicks_warnings(const ServerView& server, db::UnixSeconds now) {
  std::vector<ClicksWarning> warnings;
  warn_of_writing(totals(server), warnings);
  warn_of_the_process(server.clicks, server.started_at, now, warnings);
  warn_of_the_map(server.clicks, now, warnings);
  return warnings;
}

Object describe_clicks(const ServerView& server, db::UnixSeconds now) {
  const ClicksView& clicks = server.clicks;
  Array warnings;
  for (const auto& [code, message, hint] : clicks_warnings(server, now))
    warnings.emplace_back(Object{{"code", code}, {"message", message}, {"hint", hint}});
  const auto map_age = age(clicks.map_synced_at, now);
  return {{"pid", clicks.pid == 0 ? Value() : Value(clicks.pid)},
          {"lag_ms", clicks.lag_ms},
          {"unflushed_clicks", clicks.unflushed_clicks},
          {"positions_unknown", clicks.positions_unknown},
          {"journal_bytes", clicks.journal_bytes},
          {"journal_segments", clicks.journal_segments},
          {"flushed_clicks", clicks.flushed_clicks},
          {"repeated_clicks", clicks.repeated_clicks},
          {"damaged_records", clicks.damaged_records},
          {"flush_failures", clicks.flush_failures},
          {"flushed_at", time_or_null(clicks.flushed_at)},
          {"database_at", time_or_null(clicks.database_at)},
          {"map_links", clicks.map_links},
          {"map_synced_at", time_or_null(clicks.map_synced_at)},
          {"map_age_s", map_age ? Value(*map_age) : Value()},
          {"map_rebuilding", clicks.map_rebuilding},
          {"warnings", std::move(warnings)}};
}

std::string clicks_lines(const Console& console, const ServerView& server, db::UnixSeconds now) {
  const WorkerView workers = totals(server);
  std::string text = "Redirects: " + std::to_string(workers.redirects) + ", and " +
                     counted(workers.map_misses, "slug") + " that the link map did not know.\n" +
                     counting_line(server.clicks) + "\n" + journal_line(server.clicks, workers) + "\n" +
                     map_line(server.clicks, now);
  for (const auto& warning : clicks_warnings(server, now))
    text += "\n" + console.paint(Paint::yellow, "Warning: " + warning.message + ".") + "\n  " + warning.hint;
  return text;
}

}  // namespace cli
