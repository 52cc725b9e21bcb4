#include "handlers/link_filter.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "app/base/clock.hpp"
#include "app/base/text.hpp"

namespace handlers {
namespace {

using db::LinkSort, db::LinkStatus;

constexpr std::size_t kMaxQuoted = 40;  // bytes of a bad value that an error repeats
constexpr std::size_t kMaxText = 800;   // bytes: 200 characters of any kind
constexpr std::string_view kNoProgram = "none";

constexpr std::array<std::pair<std::string_view, LinkStatus>, 5> kStatuses = {{{"pending", LinkStatus::pending},
                                                                               {"healthy", LinkStatus::healthy},
                                                                               {"broken", LinkStatus::broken},
                                                                               {"redirected", LinkStatus::redirected},
                                                                               {"slow", LinkStatus::slow}}};

constexpr std::array<std::pair<std::string_view, LinkSort>, 4> kSorts = {
    {{"created_at", LinkSort::created_at},
     {"clicks_30d", LinkSort::clicks_30d},
     {"label", LinkSort::label},
     {"last_checked_at", LinkSort::last_checked_at}}};

std::string quoted(std::string_view value) {
  return '\'' + base::shorten(value, kMaxQuoted) + '\'';
}

// In the order of the statuses' own, each once.
std::vector<LinkStatus> parse_statuses(const http::Query& query) {
  const auto* text = query.find("status");
  if (!text) return {};
  std::array<bool, kStatuses.size()> asked{};
  for (std::string_view rest = *text;;) {
    const auto word = rest.substr(0, rest.find(','));
    const auto found = std::find_if(kStatuses.begin(), kStatuses.end(), [&](auto& one) { return one.first == word; });
    if (found == kStatuses.end())
      throw invalid_parameter("status",
                              "status must be one or several of pending, healthy, broken, redirected and slow, with "
                              "commas between them; not " +
                                  quoted(word) + '.');
    asked.at(static_cast<std::size_t>(found - kStatuses.begin())) = true;
    if (word.size() == rest.size()) break;
    rest.remove_prefix(word.size() + 1);
  }
  std::vector<LinkStatus> statuses;
  for (std::size_t i = 0; i < kStatuses.size(); ++i)
    if (asked[i]) statuses.push_back(kStatuses[i].second);
  return statuses;
}

bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); i += std::max<std::size_t>(base::utf8_sequence(text.substr(i)), 1))
    if (base::control_sequence(text.substr(i)) > 0) return true;
  return false;
}

std::optional<std::string> parse_text(const http::Query& query, const char* name) {
  const auto* text = query.find(name);
  if (!text) return std::nullopt;
  if (text->empty()) throw invalid_parameter(name, std::string(name) + " must not be empty. Leave it out instead.");
  if (text->size() > kMaxText)
    throw invalid_parameter(name, std::string(name) + " is longer than " + std::to_string(kMaxText) + " bytes.");
  if (has_control_character(*text))
    throw invalid_parameter(name, std::string(name) + " must not have control characters.");
  return *text;
}

std::optional<std::string> parse_program(const http::Query& query) {
  auto program = parse_text(query, "program");
  if (program == kNoProgram) program->clear();
  return program;
}

std::optional<db::UnixSeconds> parse_time(const http::Query& query, const char* name) {
  const auto* text = query.find(name);
  if (!text) return std::nullopt;
  try {
    return base::parse_utc(*text);
  } catch (const std::invalid_argument&) {
    throw invalid_parameter(
        name, std::string(name) + " must be a time in UTC like 2026-04-27T08:00:00Z, not " + quoted(*text) + '.');
  }
}

void parse_sort(const http::Query& query, db::LinkFilter& filter) {
  const auto* text = query.find("sort");
  if (!text) return;
  const bool descending = text->starts_with('-');
  const auto name = std::string_view(*text).substr(descending ? 1 : 0);
  const auto found = std::find_if(kSorts.begin(), kSorts.end(), [&](auto& one) { return one.first == name; });
  if (found == kSorts.end())
    throw invalid_parameter("sort",
                            "sort must be one of created_at, clicks_30d, label and last_checked_at, for descending "
                            "order with a '-' before it; not " +
                                quoted(*text) + '.');
  filter.sort = found->second;
  filter.descending = descending;
}

template <typename Pairs, typename Value>
std::string_view name_in(const Pairs& pairs, Value value) {
  return std::find_if(pairs.begin(), pairs.end(), [&](auto& one) { return one.second == value; })->first;
}

}  // namespace

db::LinkFilter parse_link_filter(const http::Query& query, ParameterFaults& faults) {
  db::LinkFilter filter;
  faults.attempt([&] { filter.statuses = parse_statuses(query); });
  faults.attempt([&] { filter.program = parse_program(query); });
  faults.attempt([&] { filter.tag = parse_text(query, "tag"); });
  faults.attempt([&] { filter.text = parse_text(query, "q"); });
  faults.attempt([&] { filter.created_after = parse_time(query, "created_after"); });
  faults.attempt([&] { filter.created_before = parse_time(query, "created_before"); });
  faults.attempt([&] { filter.checked_before = parse_time(query, "checked_before"); });
  faults.attempt([&] { parse_sort(query, filter); });
  return filter;
}

std::string describe(const db::LinkFilter& filter) {
  std::string text;
  const auto add = [&](const char* name, const std::string& value) { text.append("&").append(name) += '=' + value; };
  const auto add_time = [&](const char* name, const std::optional<db::UnixSeconds>& time) {
    if (time) add(name, base::format_utc(*time));
  };
  std::string statuses;
  for (const auto status : filter.statuses)
    statuses.append(statuses.empty() ? "" : ",").append(name_in(kStatuses, status));
  if (!statuses.empty()) add("status", statuses);
  if (filter.program)
    add("program", filter.program->empty() ? std::string(kNoProgram) : http::percent_encode(*filter.program));
  if (filter.tag) add("tag", http::percent_encode(*filter.tag));
  if (filter.text) add("q", http::percent_encode(*filter.text));
  add_time("created_after", filter.created_after);
  add_time("created_before", filter.created_before);
  add_time("checked_before", filter.checked_before);
  if (filter.sort != LinkSort::created_at || !filter.descending)
    add("sort", (filter.descending ? "-" : "") + std::string(name_in(kSorts, filter.sort)));
  return text;
}

}  // namespace handlers
