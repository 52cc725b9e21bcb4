#include "app/http/json.hpp"

#include <cstring>
#include <stdexcept>

#include "app/base/text.hpp"
#include "app/http/json_library.hpp"

namespace http {

namespace {

constexpr std::uint64_t kEveryByte = 0x0101'0101'0101'0101U;

// The high bit of a byte is set if the byte is 0; other bits may follow it, but only if there is one.
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
  return (word - kEveryByte) & ~word;
}

// No byte of the word needs a second look: none is a control, a quote, a backslash or beyond ASCII.
constexpr bool plain_word(std::uint64_t word) {
  const std::uint64_t controls = (word - kEveryByte * 0x20) & ~word;
  const std::uint64_t special = zero_bytes(word ^ kEveryByte * '"') | zero_bytes(word ^ kEveryByte * '\\');
  return ((controls | special | word) & kEveryByte * 0x80) == 0;
}

// Text that goes between quotes as it is. Most text does.
bool plain(std::string_view text) {
  std::uint64_t word = 0;
  for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    if (!plain_word(word)) return false;
  }
  word = kEveryByte * ' ';
  text.copy(reinterpret_cast<char*>(&word), text.size());  // as memcpy does, and nothing from null
  return plain_word(word);
}

}  // namespace

struct JsonWriter::Impl : rapidjson::Writer<rapidjson::StringBuffer> {
  explicit Impl(std::size_t reserve) : buffer(nullptr, reserve) { Reset(buffer); }

  // Whether a name, or the object's end, is due.
  bool at_name() const {
    if (level_stack_.Empty()) return false;
    const Level* const level = level_stack_.template Top<Level>();
    return !level->inArray && level->valueCount % 2 == 0;
  }

  bool text(std::string_view value) {
    if (plain(value)) return plain_text(value);
    if (!base::valid_utf8(value)) throw std::logic_error("JsonWriter was given text that is not UTF-8");
    return String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }

  rapidjson::StringBuffer buffer;
  bool broken = false;  // a call failed half-way: the text is worth nothing

 private:
  bool plain_text(std::string_view value) {
    Prefix(rapidjson::kStringType);
    char* const out = os_->Push(value.size() + 2);
    out[0] = '"';
    value.copy(out + 1, value.size());
    out[value.size() + 1] = '"';
    return EndValue(true);
  }
};

namespace {

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
  put(*impl_, true, [&] { return impl_->text(name); });
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  put(*impl_, false, [&] { return impl_->text(value); });
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
