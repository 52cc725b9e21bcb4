#include "app/http/json.hpp"

#include <stdexcept>

// RapidJSON states its own rules (one root, names are strings, arrays end as arrays) with this macro.
#define RAPIDJSON_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("JsonWriter is misused: not " #condition))
#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "app/base/text.hpp"

namespace http {

// The plain Writer, because only its string scan is vectorised; the UTF-8 is checked before it goes in.
struct JsonWriter::Impl : rapidjson::Writer<rapidjson::StringBuffer> {
  explicit Impl(std::size_t reserve) : Writer(buffer), buffer(nullptr, reserve) {}

  bool at_name() const {
    if (level_stack_.Empty()) return false;
    const Level* const level = level_stack_.template Top<Level>();
    return !level->inArray && level->valueCount % 2 == 0;
  }

  rapidjson::StringBuffer buffer;
  bool broken = false;  // a call failed half-way: the text is worth nothing
};

namespace {

std::string_view checked(std::string_view text) {
  if (!base::valid_utf8(text)) throw std::logic_error("JsonWriter was given text that is not UTF-8");
  return text.data() == nullptr ? std::string_view("") : text;  // RapidJSON wants an address even for nothing
}

rapidjson::SizeType length(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}

// Broken until `step` has returned: an exception on the way leaves the mark.
template <typename Writer, typename Step>
void put(Writer& writer, bool is_name, Step step) {
  const bool was_broken = writer.broken;
  writer.broken = true;
  if (writer.at_name() != is_name)
    throw std::logic_error(is_name ? "JsonWriter: a name where a value belongs" : "JsonWriter: a value without a name");
  if (!step()) throw std::logic_error("JsonWriter: a value that JSON cannot express");
  writer.broken = was_broken;
}

}  // namespace

JsonWriter::JsonWriter(std::size_t reserve) : impl_(std::make_unique<Impl>(reserve)) {}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::begin_object() {
  put(*impl_, false, [&] { return impl_->StartObject(); });
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  put(*impl_, true, [&] { return impl_->EndObject(); });
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  put(*impl_, false, [&] { return impl_->StartArray(); });
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  put(*impl_, false, [&] { return impl_->EndArray(); });
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  put(*impl_, true, [&] { return impl_->Key(checked(name).data(), length(name)); });
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  put(*impl_, false, [&] { return impl_->String(checked(value).data(), length(value)); });
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  put(*impl_, false, [&] { return impl_->Int64(value); });
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  put(*impl_, false, [&] { return impl_->Double(value); });
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  put(*impl_, false, [&] { return impl_->Bool(value); });
  return *this;
}

JsonWriter& JsonWriter::null() {
  put(*impl_, false, [&] { return impl_->Null(); });
  return *this;
}

std::string JsonWriter::take() {
  if (impl_->broken || !impl_->IsComplete()) throw std::logic_error("JsonWriter: the document is not complete");
  std::string document(impl_->buffer.GetString(), impl_->buffer.GetSize());
  impl_->buffer.Clear();
  impl_->Reset(impl_->buffer);
  return document;
}

}  // namespace http
