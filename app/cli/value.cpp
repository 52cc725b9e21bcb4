#include "app/cli/value.hpp"

#include "app/base/clock.hpp"
#include "app/http/json.hpp"

namespace cli {
namespace {

struct Writer {
  http::JsonWriter& json;

  void operator()(std::nullptr_t) const { json.null(); }
  void operator()(bool value) const { json.boolean(value); }
  void operator()(std::int64_t value) const { json.integer(value); }
  void operator()(double value) const { json.number(value); }
  void operator()(const std::string& value) const { json.string(value); }
  void operator()(const Array& values) const {
    json.begin_array();
    for (const Value& value : values) std::visit(*this, value.data);
    json.end_array();
  }
  void operator()(const Object& members) const {
    json.begin_object();
    for (const auto& [name, value] : members) {
      json.key(name);
      std::visit(*this, value.data);
    }
    json.end_object();
  }
};

}  // namespace

const Value* member(const Value& object, const std::string& name) {
  if (const auto* members = std::get_if<Object>(&object.data))
    for (const auto& [key, value] : *members)
      if (key == name) return &value;
  return nullptr;
}

Value time_value(db::UnixSeconds time) {
  return base::format_utc(time);
}

Value time_value(const std::optional<db::UnixSeconds>& time) {
  return time ? time_value(*time) : Value();
}

std::string to_json(const Value& value) {
  http::JsonWriter json;
  std::visit(Writer{json}, value.data);
  return json.take();
}

}  // namespace cli
