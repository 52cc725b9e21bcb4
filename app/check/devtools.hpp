// Chromium's DevTools protocol as it goes over a pipe: JSON messages, each with a NUL behind it. What comes is not
// trusted: it is bounded, and read with care.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/http/json.hpp"
#include "app/http/json_value.hpp"

namespace check {

// Take all that next() has before the next add().
class DevtoolsReader {
 public:
  static constexpr std::size_t kMaxMessage = 4 << 20;  // bytes
  static constexpr std::size_t kMaxBytes = 64 << 20;   // of all messages
  static constexpr int kMaxMessages = 5000;

  void add(std::string_view bytes);
  std::optional<std::string> next();  // the next message that is whole, without the NUL; none once it is too much
  bool too_much() const { return bytes_ > kMaxBytes || messages_ > kMaxMessages || buffer_.size() > kMaxMessage; }

 private:
  std::string buffer_;
  std::size_t searched_ = 0;  // up to here there is no NUL
  std::size_t bytes_ = 0;
  int messages_ = 0;
};

// One command under way: the writer stands inside "params", which finish() closes. An empty session: the browser's.
class DevtoolsCommand {
 public:
  DevtoolsCommand(std::int64_t id, std::string_view method, std::string_view session = {});

  http::JsonWriter& parameters() { return writer_; }
  DevtoolsCommand& text(std::string_view name, std::string_view value);
  DevtoolsCommand& flag(std::string_view name, bool value);
  DevtoolsCommand& number(std::string_view name, std::int64_t value);
  std::string finish();  // with the NUL

 private:
  http::JsonWriter writer_;
};

// Inside of objects in each other: text_at(message, "params.request.url"). Empty, or null, if it is not there or is
// something else.
const http::JsonValue* value_at(const http::JsonValue& value, std::string_view path);
std::string text_at(const http::JsonValue& value, std::string_view path);

}  // namespace check
