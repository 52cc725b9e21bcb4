#include "handlers/link_members.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "app/base/text.hpp"
#include "app/links/rules.hpp"

namespace handlers {
namespace {

constexpr std::size_t kMaxQuoted = 40;  // bytes of an unknown member's name that a message repeats

constexpr std::array<std::string_view, 7> kReadOnly = {"id",         "proxy_url",  "status",      "last_checked_at",
                                                       "clicks_30d", "created_at", "failure_mode"};

// One member of one link that is being read.
struct Reading {
  std::string_view name;
  const http::JsonValue& value;
  const std::string& pointer;
  const std::string& public_url;
  LinkMembers& members;
  Faults& faults;

  void fault(const std::string& what, const std::string& below = {}) const {
    add_fault(faults, pointer + below, std::string(name) + ' ' + what + '.');
  }

  void wrong_kind(const std::string& expected) const {
    fault("must be " + expected + ", not " + std::string(http::kind_name(value)));
  }

  // The text, if it is one and `check` has nothing against it.
  template <typename Check>
  std::optional<std::string> text(Check&& check, const char* expected = "a string") const {
    const auto* given = value.as<std::string>();
    if (!given) {
      wrong_kind(expected);
      return std::nullopt;
    }
    if (const auto what = check(*given)) {
      fault(*what);
      return std::nullopt;
    }
    return *given;
  }

  template <typename Check>
  std::optional<std::optional<std::string>> text_or_null(Check&& check) const {
    if (value.null()) return std::optional<std::string>();
    if (auto given = text(std::forward<Check>(check), "a string or null")) return given;
    return std::nullopt;
  }
};

auto url_check(const Reading& reading) {
  return [&](const std::string& url) { return links::url_fault(url, reading.public_url); };
}

void read_label(const Reading& reading) {
  reading.members.label = reading.text(links::label_fault);
}

void read_url(const Reading& reading) {
  reading.members.url = reading.text(url_check(reading));
}

void read_slug(const Reading& reading) {
  reading.members.slug = reading.text(links::slug_fault);
}

void read_program(const Reading& reading) {
  reading.members.program = reading.text_or_null(links::program_fault);
}

void read_fallback_url(const Reading& reading) {
  reading.members.fallback_url = reading.text_or_null(url_check(reading));
}

void read_tag(const Reading& reading, const http::JsonValue& value, const std::string& below,
              std::vector<std::string>& tags) {
  const auto* tag = value.as<std::string>();
  if (!tag) return reading.fault("must hold strings, not " + std::string(http::kind_name(value)), below);
  if (const auto what = links::tag_fault(*tag)) return reading.fault("holds one that " + *what, below);
  if (std::find(tags.begin(), tags.end(), *tag) != tags.end()) return reading.fault("holds the same one twice", below);
  tags.push_back(*tag);
}

template <auto member>
void read_tags(const Reading& reading) {
  const auto* array = reading.value.as<http::JsonArray>();
  if (!array) return reading.wrong_kind("an array of strings");
  if (array->size() > links::kMaxTags)
    return reading.fault("holds more than " + std::to_string(links::kMaxTags) + " of them");
  std::vector<std::string> tags;
  for (std::size_t i = 0; i < array->size(); ++i) read_tag(reading, (*array)[i], '/' + std::to_string(i), tags);
  reading.members.*member = std::move(tags);
}

struct Rule {
  std::string_view name;
  void (*read)(const Reading& reading);

  bool operator==(std::string_view other) const { return name == other; }
};
constexpr std::array<Rule, 8> kRules{{{"label", read_label},
                                      {"url", read_url},
                                      {"slug", read_slug},
                                      {"program", read_program},
                                      {"tags", read_tags<&LinkMembers::tags>},
                                      {"add_tags", read_tags<&LinkMembers::add_tags>},
                                      {"remove_tags", read_tags<&LinkMembers::remove_tags>},
                                      {"fallback_url", read_fallback_url}}};

void refuse(const Reading& reading) {
  if (std::find(kReadOnly.begin(), kReadOnly.end(), reading.name) != kReadOnly.end())
    return reading.fault("cannot be set: leave it out");
  add_fault(reading.faults, reading.pointer,
            "A link has no member \"" + base::shorten(reading.name, kMaxQuoted) +
                "\" that you can set. There are: label, url, slug, program, tags, fallback_url; in a change add_tags "
                "and remove_tags, too.");
}

}  // namespace

LinkMembers read_link_members(const http::JsonObject& object, const std::string& pointer, const std::string& public_url,
                              Faults& faults, const std::vector<std::string_view>& also) {
  LinkMembers members;
  for (const auto& [name, value] : object) {
    if (std::find(also.begin(), also.end(), name) != also.end()) continue;
    const auto place = pointer + '/' + http::pointer_token(name);
    const Reading reading{name, value, place, public_url, members, faults};
    const auto rule = std::find(kRules.begin(), kRules.end(), name);
    rule == kRules.end() ? refuse(reading) : rule->read(reading);
  }
  if (members.tags && (members.add_tags || members.remove_tags))
    add_fault(faults, pointer + "/tags", "tags says what the tags are: leave it out, or add_tags and remove_tags.");
  return members;
}

}  // namespace handlers
