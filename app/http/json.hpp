// JSON out. RapidJSON underneath, whose every result is checked here.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace http {

// Writes one document. Calls must nest properly; a misuse or text that is not UTF-8 throws std::logic_error, so that
// nothing half-written can leave.
class JsonWriter {
 public:
  explicit JsonWriter(std::size_t reserve = 1024);
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& number(double value);  // finite
  JsonWriter& boolean(bool value);
  JsonWriter& null();

  // The finished document; throws if it is not one complete value. The writer is then empty and may be used again.
  std::string take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace http
