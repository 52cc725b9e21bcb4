#include "app/links/link_row.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <string_view>

#include "app/base/clock.hpp"
#include "app/base/text.hpp"
#include "app/http/url.hpp"
#include "app/links/csv_writer.hpp"

namespace links {
namespace {

constexpr std::size_t kMaxLabel = 200;  // characters
constexpr std::size_t kMaxProgram = 100;
constexpr std::size_t kMaxTags = 20;
constexpr std::size_t kMaxTag = 50;
constexpr std::size_t kMaxSlug = 64;

// A link of the far future would stay on top of "newest first" for ever.
constexpr db::UnixSeconds kEarliest = 631'152'000;  // 1990-01-01T00:00:00Z, before the web
constexpr db::UnixSeconds kClockSkew = 86'400;      // and local times that were taken for UTC

// What is wrong with a cell, in words; nothing if it is well.
using Reason = std::optional<std::string>;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Reason text_fault(std::string_view text, std::size_t longest) {
  const auto control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
  };
  if (std::any_of(text.begin(), text.end(), control)) return "holds a control character";
  if (characters(text) > longest) return "is longer than " + std::to_string(longest) + " characters";
  return std::nullopt;
}

Reason read_label(std::string_view cell, db::NewLink& link) {
  if (cell.empty()) return "is empty";
  link.label = cell;
  return text_fault(cell, kMaxLabel);
}

Reason read_url(std::string_view cell, db::NewLink& link) {
  link.url = cell;
  return http::url_fault(cell);
}

Reason read_fallback_url(std::string_view cell, db::NewLink& link) {
  if (cell.empty()) return std::nullopt;
  link.fallback_url = cell;
  return http::url_fault(cell);
}

Reason read_program(std::string_view cell, db::NewLink& link) {
  if (!cell.empty()) link.program = cell;
  return text_fault(cell, kMaxProgram);
}

Reason read_slug(std::string_view cell, db::NewLink& link) {
  const auto allowed = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; };
  if (!std::all_of(cell.begin(), cell.end(), allowed)) return "may hold only A-Z, a-z, 0-9, _ and -";
  if (cell.size() > kMaxSlug) return "is longer than " + std::to_string(kMaxSlug) + " characters";
  link.slug = cell;
  return std::nullopt;
}

Reason read_tags(std::string_view cell, db::NewLink& link) {
  while (!cell.empty()) {
    const std::size_t end = std::min(cell.find(';'), cell.size());
    const std::string_view tag = base::trim(cell.substr(0, end));
    cell.remove_prefix(std::min(end + 1, cell.size()));
    if (tag.empty()) continue;
    if (text_fault(tag, kMaxTag)) return "holds a tag of more than 50 characters, or with a control character";
    if (std::find(link.tags.begin(), link.tags.end(), tag) == link.tags.end()) link.tags.emplace_back(tag);
  }
  if (link.tags.size() > kMaxTags) return "holds more than 20 tags";
  return std::nullopt;
}

Reason read_created_at(std::string_view cell, db::NewLink& link) {
  if (cell.empty()) return std::nullopt;
  try {
    const db::UnixSeconds time = base::parse_utc(std::string(cell));
    if (time < kEarliest) return "is before 1990: no link is that old";
    if (time > base::unix_seconds() + kClockSkew) return "is more than a day in the future";
    link.created_at = time;
    return std::nullopt;
  } catch (const std::invalid_argument&) {
    return "is not a time like 2026-01-15T10:00:00Z";
  }
}

struct Rule {
  std::string_view column;
  bool required;
  Reason (*read)(std::string_view cell, db::NewLink& link);
};

// What an export tells beside what an import can set.
Reason pass_over(std::string_view, db::NewLink&) {
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

LinkRowParser::LinkRowParser(const std::vector<std::string>& header) {
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
    if (const Reason reason = rule.read(cell, link))
      return RowFault{line, std::string(rule.column), excerpt(cell) + *reason};
  }
  return std::nullopt;
}

}  // namespace links
