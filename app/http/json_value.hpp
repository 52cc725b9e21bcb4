// JSON in: one document as plain values. RapidJSON underneath.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace http {

struct JsonValue;
struct JsonMember;
using JsonArray = std::vector<JsonValue>;
using JsonObject = std::vector<JsonMember>;  // in the order given; no name comes twice

struct JsonValue {
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, JsonArray, JsonObject> value;

  bool null() const { return std::holds_alternative<std::nullptr_t>(value); }
  template <typename T>
  const T* as() const {  // nullptr: it is something else
    return std::get_if<T>(&value);
  }
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

inline constexpr int kMaxJsonDepth = 32;  // arrays and objects in each other

// Throws Problem 400 (invalid_json), saying where: malformed, not UTF-8, nested too deeply, a name twice in an object,
// a NUL in a text, a number that no double can hold.
JsonValue parse_json(std::string_view text);

// For messages: "a string", "an object", "null" ...
std::string_view kind_name(const JsonValue& value);

// The reference token of a JSON pointer (RFC 6901) for a member's name.
std::string pointer_token(std::string_view name);

}  // namespace http
