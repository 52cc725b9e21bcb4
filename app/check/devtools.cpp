#include "app/check/devtools.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace check {
namespace {

const http::JsonValue* member(const http::JsonValue& value, std::string_view name) {
  const auto* object = value.as<http::JsonObject>();
  if (object == nullptr) return nullptr;
  const auto at = std::find_if(object->begin(), object->end(), [&](const auto& entry) { return entry.name == name; });
  return at == object->end() ? nullptr : &at->value;
}

}  // namespace

void DevtoolsReader::add(std::string_view bytes) {
  bytes_ += bytes.size();
  buffer_ += bytes;
}

std::optional<std::string> DevtoolsReader::next() {
  const auto end = buffer_.find('\0', searched_);
  if (end == std::string::npos || too_much()) {
    searched_ = buffer_.size();
    return std::nullopt;
  }
  searched_ = 0;
  ++messages_;
  std::string message = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return message;
}

DevtoolsCommand::DevtoolsCommand(std::int64_t id, std::string_view method, std::string_view session) {
  writer_.begin_object().key("id").integer(id).key("method").string(method);
  if (!session.empty()) writer_.key("sessionId").string(session);
  writer_.key("params").begin_object();
}

DevtoolsCommand& DevtoolsCommand::text(std::string_view name, std::string_view value) {
  writer_.key(name).string(base::replace_bad_utf8(value));
  return *this;
}

DevtoolsCommand& DevtoolsCommand::flag(std::string_view name, bool value) {
  writer_.key(name).boolean(value);
  return *this;
}

DevtoolsCommand& DevtoolsCommand::number(std::string_view name, std::int64_t value) {
  writer_.key(name).integer(value);
  return *this;
}

std::string DevtoolsCommand::finish() {
  return writer_.end_object().end_object().take() + '\0';
}

const http::JsonValue* value_at(const http::JsonValue& value, std::string_view path) {
  const http::JsonValue* at = &value;
  while (at != nullptr && !path.empty()) {
    const auto dot = std::min(path.find('.'), path.size());
    at = member(*at, path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return at;
}

std::string text_at(const http::JsonValue& value, std::string_view path) {
  const auto* found = value_at(value, path);
  const auto* text = found == nullptr ? nullptr : found->as<std::string>();
  return text == nullptr ? std::string() : *text;
}

}  // namespace check
