#include "handlers/members.hpp"

#include <algorithm>

#include "app/base/crypto.hpp"
#include "app/base/text.hpp"

namespace handlers {
namespace {

constexpr std::size_t kMaxQuoted = 40;  // bytes of an unknown member's name that a message repeats

}  // namespace

Members::Members(const http::Request& request) : body_(read_json(request)) {
  if (body_.as<http::JsonObject>() == nullptr)
    add_fault(faults_, "", "The body must be a JSON object, not " + std::string(http::kind_name(body_)) + ".");
}

Members::~Members() {
  if (auto* object = std::get_if<http::JsonObject>(&body_.value))
    for (auto& member : *object)
      if (auto* text = std::get_if<std::string>(&member.value.value)) base::wipe(*text);
}

const http::JsonValue* Members::find(std::string_view name) {
  asked_.emplace_back(name);
  const auto* object = body_.as<http::JsonObject>();
  if (object == nullptr) return nullptr;
  const auto member =
      std::find_if(object->begin(), object->end(), [&](const auto& candidate) { return candidate.name == name; });
  return member == object->end() ? nullptr : &member->value;
}

void Members::fault(std::string_view name, const std::string& what) {
  add_fault(faults_, '/' + http::pointer_token(name), std::string(name) + ' ' + what + '.');
}

void Members::wrong_kind(std::string_view name, const http::JsonValue* value, const std::string& expected) {
  fault(name,
        value == nullptr ? "is missing" : "must be " + expected + ", not " + std::string(http::kind_name(*value)));
}

std::string Members::text(std::string_view name, Check check) {
  const auto* value = find(name);
  const auto* text = value != nullptr ? value->as<std::string>() : nullptr;
  if (text == nullptr) {
    wrong_kind(name, value, "a string");
    return {};
  }
  if (const auto what = check != nullptr ? check(*text) : std::nullopt) fault(name, *what);
  return *text;
}

std::optional<std::string> Members::text_or_null(std::string_view name) {
  const auto* value = find(name);
  if (value != nullptr && value->null()) return std::nullopt;
  if (value != nullptr)
    if (const auto* text = value->as<std::string>()) return *text;
  wrong_kind(name, value, "a string or null");
  return std::nullopt;
}

std::int64_t Members::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* value = find(name);
  const auto* number = value != nullptr ? value->as<std::int64_t>() : nullptr;
  if (number != nullptr && *number >= least && *number <= most) return *number;
  const auto range = "an integer from " + std::to_string(least) + " to " + std::to_string(most);
  number != nullptr ? fault(name, "must be " + range) : wrong_kind(name, value, range);
  return least;
}

void Members::require_good() {
  std::string known;
  for (const auto& name : asked_) known += (known.empty() ? "" : ", ") + name;
  if (const auto* object = body_.as<http::JsonObject>())
    for (const auto& member : *object)
      if (std::find(asked_.begin(), asked_.end(), member.name) == asked_.end())
        add_fault(faults_, '/' + http::pointer_token(member.name),
                  "There is no member \"" + base::shorten(member.name, kMaxQuoted) + "\". There are: " + known + ".");
  if (!faults_.empty()) throw invalid_body("invalid_members", faults_);
}

}  // namespace handlers
