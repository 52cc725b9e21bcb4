// Bodies of requests: either refused as a problem that can be said, or read to clean texts. What is read of a link
// keeps its rules, and its faults can be said, too.
#include <string>
#include <vector>

#include "app/base/text.hpp"
#include "app/http/json_value.hpp"
#include "app/http/problem.hpp"
#include "app/links/rules.hpp"
#include "handlers/link_members.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

constexpr const char* kPublicUrl = "https://ql.example";

void check_text(const std::string& text) {
  fuzz::require(base::valid_utf8(text) && text.find('\0') == std::string::npos, "clean UTF-8");
}

void check(const http::JsonValue& value, int depth) {
  fuzz::require(depth <= http::kMaxJsonDepth, "no deeper than allowed");
  if (const auto* text = value.as<std::string>()) check_text(*text);
  if (const auto* array = value.as<http::JsonArray>())
    for (const auto& element : *array) check(element, depth + 1);
  if (const auto* object = value.as<http::JsonObject>())
    for (const auto& [name, member] : *object) {
      check_text(name);
      check(member, depth + 1);
    }
}

void check_link(const http::JsonObject& object) {
  handlers::Faults faults;
  const auto members = handlers::read_link_members(object, "", kPublicUrl, faults);
  if (members.url) fuzz::require(!links::url_fault(*members.url, kPublicUrl), "a url that may be one");
  if (members.label) fuzz::require(!links::label_fault(*members.label), "a label that may be one");
  if (members.slug) fuzz::require(!links::slug_fault(*members.slug), "a slug that may be one");
  if (members.tags) fuzz::require(members.tags->size() <= links::kMaxTags, "not too many tags");
  if (members.url) fuzz::require(!links::label_fault(links::label_for(*members.url)), "a label for every url");
  if (!faults.empty()) http::render(handlers::invalid_body("invalid_link", faults), kPublicUrl, "request-id");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto value = http::parse_json(fuzz::text(data, size));
    check(value, 0);
    if (const auto* object = value.as<http::JsonObject>()) check_link(*object);
  } catch (const http::Problem& problem) {
    fuzz::require(problem.status() == 400, "a refusal is a 400");
    http::render(problem, kPublicUrl, "request-id");
  }
  return 0;
}
