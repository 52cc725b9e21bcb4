#include "db/array.hpp"

#include <cstring>

#include <endian.h>

#include "db/error.hpp"

namespace db {
namespace {

void refuse_nul(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    throw Error(ErrorKind::invalid, "22021", "", "a text has a NUL byte, which the database cannot hold");
}

}  // namespace

void TextArray::separate() {
  if (text_.size() > 1) text_ += ',';
}

void TextArray::add(std::string_view value) {
  refuse_nul(value);
  separate();
  text_ += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

void TextArray::add_null() {
  separate();
  text_ += "NULL";
}

// A head of dimensions, "has nulls" and type; then of the one dimension its size and first index.
BinaryArray::BinaryArray(Type type) {
  for (const std::uint32_t value : {1U, 1U, static_cast<std::uint32_t>(type), 0U, 1U}) word(value);
}

void BinaryArray::word(std::uint32_t value) {
  const auto big_endian = htobe32(value);
  bytes_.append(reinterpret_cast<const char*>(&big_endian), sizeof big_endian);
}

void BinaryArray::count() {
  constexpr std::size_t kSizeAt = 12;
  const auto big_endian = htobe32(++size_);
  std::memcpy(bytes_.data() + kSizeAt, &big_endian, sizeof big_endian);
}

void BinaryArray::element(const void* data, std::size_t size) {
  count();
  word(static_cast<std::uint32_t>(size));
  bytes_.append(static_cast<const char*>(data), size);
}

void BinaryArray::uuid(const Uuid& value) {
  element(value.data(), value.size());
}

void BinaryArray::boolean(bool value) {
  const char byte = value ? 1 : 0;
  element(&byte, 1);
}

void BinaryArray::integer(std::int32_t value) {
  const auto big_endian = htobe32(static_cast<std::uint32_t>(value));
  element(&big_endian, sizeof big_endian);
}

void BinaryArray::bigint(std::int64_t value) {
  const auto big_endian = htobe64(static_cast<std::uint64_t>(value));
  element(&big_endian, sizeof big_endian);
}

void BinaryArray::time(std::int64_t unix_micros) {
  bigint(unix_micros - kBinaryEpochMicros);
}

void BinaryArray::day(DayNumber value) {
  integer(value == kNoDay ? value : value - kBinaryEpochDay);
}

void BinaryArray::text(std::string_view value) {
  element(value.data(), value.size());
}

void BinaryArray::null() {
  count();
  word(0xffffffff);
}

BinaryArray text_array(const std::vector<std::string>& values) {
  BinaryArray array(BinaryArray::Type::text);
  for (const auto& value : values) array.text(value);
  return array;
}

const std::string& without_nul(const std::string& text) {
  refuse_nul(text);
  return text;
}

}  // namespace db
