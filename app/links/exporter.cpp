#include "app/links/exporter.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/links/csv_writer.hpp"

namespace links {
namespace {

constexpr std::array<std::string_view, 13> kHeadings = {
    "label",  "url",          "program",         "slug",      "tags", "created_at", "fallback_url", "id", "proxy_url",
    "status", "failure_mode", "last_checked_at", "clicks_30d"};

constexpr int kLinksAtOnce = 500;

std::string joined(const std::vector<std::string>& tags) {
  std::string text;
  for (const auto& tag : tags) text.append(text.empty() ? "" : ";").append(tag);
  return text;
}

std::string time_or_nothing(const std::optional<db::UnixSeconds>& time) {
  return time ? base::format_utc(*time) : std::string();
}

void write(CsvWriter& csv, const db::Link& link, const std::string& public_url) {
  csv.cell(link.label)
      .cell(link.url)
      .cell(link.program.value_or(std::string()))
      .cell(link.slug)
      .cell(joined(link.tags))
      .cell(base::format_utc(link.created_at))
      .cell(link.fallback_url.value_or(std::string()))
      .cell(base::format_uuid(link.id))
      .cell(public_url.empty() ? std::string() : public_url + "/go/" + link.slug)
      .cell(db::status_name(link.status))
      .cell(link.failure_mode.value_or(std::string()))
      .cell(time_or_nothing(link.last_checked_at))
      .cell(std::to_string(link.clicks_30d))
      .end_record();
}

}  // namespace

LinkPages found_links(db::LinkSearch& search, const db::Uuid& account_id, db::LinkFilter filter, db::DayNumber today) {
  return [&search, account_id, filter = std::move(filter), today, cursor = std::optional<db::LinkCursor>()]() mutable {
    return search.next(account_id, filter, today, cursor, kLinksAtOnce);
  };
}

bool Exporter::next(std::string& text) {
  CsvWriter csv(text);
  if (!begun_) {
    for (const auto heading : kHeadings) csv.cell(heading);
    csv.end_record();
    begun_ = true;
  }
  const auto links = pages_();
  for (const auto& link : links) write(csv, link, public_url_);
  rows_ += static_cast<std::int64_t>(links.size());
  return !links.empty();
}

}  // namespace links
