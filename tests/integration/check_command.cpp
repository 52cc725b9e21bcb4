#include "tests/integration/check_command.hpp"

#include <chrono>

#include "app/base/text.hpp"

namespace integration {
namespace {

const http::JsonValue* step(const http::JsonValue& value, const std::string& name) {
  if (const auto* array = value.as<http::JsonArray>()) {
    const auto index = base::parse_int(name);
    return index && *index < static_cast<std::int64_t>(array->size()) ? &(*array)[static_cast<std::size_t>(*index)]
                                                                      : nullptr;
  }
  if (const auto* object = value.as<http::JsonObject>())
    for (const auto& member : *object)
      if (member.name == name) return &member.value;
  return nullptr;
}

}  // namespace

std::string Checked::at(const std::string& path) const {
  const http::JsonValue* value = &json;
  for (std::size_t start = 0; value != nullptr && start <= path.size();) {
    const auto end = std::min(path.find('.', start), path.size());
    value = step(*value, path.substr(start, end - start));
    start = end + 1;
  }
  if (value == nullptr) return {};
  if (const auto* text = value->as<std::string>()) return *text;
  if (const auto* number = value->as<std::int64_t>()) return std::to_string(*number);
  return value->null() ? "null" : std::string(http::kind_name(*value));
}

std::string Checked::verdict() const {
  if (at("status") == "null") return at("outcome");
  return at("failure_mode") == "null" ? at("status") : at("status") + ' ' + at("failure_mode");
}

Checked check(const std::vector<std::string>& arguments, bool allow) {
  std::vector<std::string> words{"check", "--json"};
  if (allow) words.insert(words.end(), {"--allow-address", "127.0.0.0/8"});
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto start = std::chrono::steady_clock::now();
  Checked checked;
  checked.outcome = RunningCommand(words, {}, "").wait();
  checked.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (checked.outcome.out.starts_with("{")) checked.json = http::parse_json(checked.outcome.out);
  return checked;
}

}  // namespace integration
