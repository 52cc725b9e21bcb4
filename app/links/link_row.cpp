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
  bool required;
  Reason (*read)(std::string_view cell, const Reading& row);
};

// What an export tells beside what an import can set.
Reason pass_over(std::string_view, const Reading&) {
  return std::nullopt;
}

constexpr std::array<Rule, 13> kRules{{{"label", true, read_label},
                                       {"url", true, read_url},
                                       {"program", true, read_program},
                                       {"slug", false, read_slug},
                                       {"tags", false, read_tags},
                                       {"created_at", false, read_created_at},
                                       {"fallback_url", false, read_fallback_url},
                                       {"id", false, pass_over},
                                       {"proxy_url", false, pass_over},
                                       {"status", false, pass_over},
                                       {"failure_mode", false, pass_over},
                                       {"last_checked_at", false, pass_over},
                                       {"clicks_30d", false, pass_over}}};

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
  for (const std::string& field : header) {
    const std::string name = lower(base::trim(field));
    const auto rule =
        std::find_if(kRules.begin(), kRules.end(), [&](const Rule& known) { return known.column == name; });
    if (rule == kRules.end()) throw HeaderFault("unknown column \"" + name.substr(0, 80) + "\"");
    const auto index = static_cast<std::size_t>(rule - kRules.begin());
    if (std::find(rules_.begin(), rules_.end(), index) != rules_.end()) throw HeaderFault(name + " comes twice");
    rules_.push_back(index);
  }
  for (std::size_t index = 0; index < kRules.size(); ++index)
    if (kRules[index].required && std::find(rules_.begin(), rules_.end(), index) == rules_.end())
      throw HeaderFault("column " + std::string(kRules[index].column) + " is missing");
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
  if (!link.program) link.program = programs_.recognise(link.url);
  return std::nullopt;
}

}  // namespace links
