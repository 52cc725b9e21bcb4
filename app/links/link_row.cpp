#include "app/links/link_row.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "app/base/clock.hpp"
#include "app/base/text.hpp"
#include "app/links/csv_writer.hpp"
#include "app/links/rules.hpp"

namespace links {
namespace {

// A link of the far future would stay on top of "newest first" for ever.
constexpr db::UnixSeconds kEarliest = 631'152'000;  // 1990-01-01T00:00:00Z, before the web
constexpr db::UnixSeconds kClockSkew = 86'400;      // and local times that were taken for UTC

// One row that is being read.
struct Reading {
  const std::string& public_url;
  db::NewLink& link;
};

Reason read_label(std::string_view cell, const Reading& row) {
  if (cell.empty()) return std::nullopt;
  row.link.label = cell;
  return label_fault(cell);
}

Reason read_url(std::string_view cell, const Reading& row) {
  row.link.url = cell;
  return url_fault(cell, row.public_url);
}

Reason read_fallback_url(std::string_view cell, const Reading& row) {
  if (cell.empty()) return std::nullopt;
  row.link.fallback_url = cell;
  return url_fault(cell, row.public_url);
}

Reason read_program(std::string_view cell, const Reading& row) {
  if (cell.empty()) return std::nullopt;
  row.link.program = cell;
  return program_fault(cell);
}

Reason read_slug(std::string_view cell, const Reading& row) {
  if (cell.empty()) return std::nullopt;
  row.link.slug = cell;
  return slug_fault(cell);
}

Reason read_tags(std::string_view cell, const Reading& row) {
  std::vector<std::string>& tags = row.link.tags;
  while (!cell.empty()) {
    const std::size_t end = std::min(cell.find(';'), cell.size());
    const std::string_view tag = base::trim(cell.substr(0, end));
    cell.remove_prefix(std::min(end + 1, cell.size()));
    if (tag.empty()) continue;
    if (const auto fault = tag_fault(tag)) return "holds a tag that " + *fault;
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.emplace_back(tag);
  }
  if (tags.size() > kMaxTags) return "holds more than " + std::to_string(kMaxTags) + " tags";
  return std::nullopt;
}

Reason read_created_at(std::string_view cell, const Reading& row) {
  if (cell.empty()) return std::nullopt;
  try {
    const db::UnixSeconds time = base::parse_utc(std::string(cell));
    if (time < kEarliest) return "is before 1990: no link is that old";
    if (time > base::unix_seconds() + kClockSkew) return "is more than a day in the future";
    row.link.created_at = time;
    return std::nullopt;
  } catch (const std::invalid_argument&) {
    return "is not a time like 2026-01-15T10:00:00Z";
  }
}

struct Rule {
  std::string_view column;
  Reason (*read)(std::string_view cell, const Reading& row);
};

// What an export tells beside what an import can set.
Reason pass_over(std::string_view, const Reading&) {
  return std::nullopt;
}

constexpr std::array<Rule, 13> kRules{{{"label", read_label},
                                       {"url", read_url},
                                       {"program", read_program},
                                       {"slug", read_slug},
                                       {"tags", read_tags},
                                       {"created_at", read_created_at},
                                       {"fallback_url", read_fallback_url},
                                       {"id", pass_over},
                                       {"proxy_url", pass_over},
                                       {"status", pass_over},
                                       {"failure_mode", pass_over},
                                       {"last_checked_at", pass_over},
                                       {"clicks_30d", pass_over}}};
constexpr std::size_t kUrl = 1;  // the only one that has to be there
constexpr std::size_t kMostOfAName = 80;
constexpr std::size_t kMostOfFaults = 400;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// What people need to find the cell, and no more.
std::string excerpt(std::string_view cell) {
  constexpr std::size_t kLongest = 60;
  if (cell.empty()) return {};
  std::size_t end = std::min(cell.size(), kLongest);
  while (end < cell.size() && (static_cast<unsigned char>(cell[end]) & 0xC0) == 0x80) --end;
  return "\"" + std::string(cell.substr(0, end)) + (end < cell.size() ? "..." : "") + "\" ";
}

}  // namespace

LinkRowParser::LinkRowParser(const std::vector<std::string>& header, std::string public_url, const Programs& programs)
    : public_url_(std::move(public_url)), programs_(programs) {
  std::string faults;
  const auto blame = [&](const std::string& fault) { faults += (faults.empty() ? "" : "; ") + fault; };
  for (const std::string& field : header) {
    const std::string name = lower(base::trim(field));
    const auto rule =
        std::find_if(kRules.begin(), kRules.end(), [&](const Rule& known) { return known.column == name; });
    const auto index = static_cast<std::size_t>(rule - kRules.begin());
    if (rule == kRules.end())
      blame("unknown column \"" + name.substr(0, kMostOfAName) + "\"");
    else if (has(index))
      blame(name + " comes twice");
    else
      rules_.push_back(index);
    if (faults.size() > kMostOfFaults) break;
  }
  if (!has(kUrl)) blame("column url is missing");
  if (!faults.empty()) throw HeaderFault(faults);
}

bool LinkRowParser::has(std::size_t rule) const {
  return std::find(rules_.begin(), rules_.end(), rule) != rules_.end();
}

std::string LinkRowParser::heading(std::size_t field) const {
  return field == 0 || field > rules_.size() ? std::string() : std::string(kRules[rules_[field - 1]].column);
}

std::optional<RowFault> LinkRowParser::parse(const std::vector<std::string>& row, std::int64_t line,
                                             db::NewLink& link) const {
  if (row.size() != rules_.size())
    return RowFault{line, "",
                    "has " + std::to_string(row.size()) + " fields, the first line has " +
                        std::to_string(rules_.size()) + " (a comma in a field needs quotes around it)"};
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Rule& rule = kRules[rules_[i]];
    const std::string_view cell = unguard_formula(base::trim(row[i]));
    if (const Reason reason = rule.read(cell, {public_url_, link}))
      return RowFault{line, std::string(rule.column), excerpt(cell) + *reason};
  }
  if (link.label.empty()) link.label = label_for(link.url);
  if (!link.program) link.program = programs_.recognise(link.url);
  return std::nullopt;
}

}  // namespace links
