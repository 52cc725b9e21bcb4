// What a command has to say, once, as plain data: printed as one JSON value for scripts or drawn as a table for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "db/model.hpp"

namespace cli {

struct Value;
using Array = std::vector<Value>;
using Object = std::vector<std::pair<std::string, Value>>;  // members in the order in which they are printed

struct Value {
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> data;

  Value() : data(nullptr) {}
  Value(std::nullptr_t) : data(nullptr) {}
  Value(bool value) : data(value) {}
  Value(int value) : data(std::int64_t{value}) {}
  Value(std::int64_t value) : data(value) {}
  Value(double value) : data(value) {}
  Value(const char* value) : data(std::string(value)) {}
  Value(std::string value) : data(std::move(value)) {}
  Value(Array value) : data(std::move(value)) {}
  Value(Object value) : data(std::move(value)) {}
};

const Value* member(const Value& object, const std::string& name);  // nullptr: no object, or none of that name

Value time_value(db::UnixSeconds time);                        // "2026-04-27T08:00:00Z"
Value time_value(const std::optional<db::UnixSeconds>& time);  // likewise, or null

std::string to_json(const Value& value);  // one line, no line feed

}  // namespace cli
