#include "db/prepared.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include <endian.h>

namespace db {
namespace {

// PostgreSQL counts from 2000-01-01, days and microseconds.
constexpr DayNumber kEpochDay = kBinaryEpochDay;
constexpr std::int64_t kEpochMicros = kBinaryEpochMicros;

template <typename Raw>
Raw raw(const PGresult* result, int row, int column) {
  assert(PQgetlength(result, row, column) == static_cast<int>(sizeof(Raw)));
  Raw value{};
  std::memcpy(&value, PQgetvalue(result, row, column), sizeof value);
  return value;
}

// Of an array's bytes: a number in network order, at a multiple of nothing.
std::uint32_t word_at(std::string_view bytes, std::size_t place) {
  std::uint32_t big_endian = 0;
  assert(place + sizeof big_endian <= bytes.size());
  std::memcpy(&big_endian, bytes.data() + place, sizeof big_endian);
  return be32toh(big_endian);
}

}  // namespace

Parameters& Parameters::add(std::span<const std::uint8_t> value) {
  const auto index = static_cast<std::size_t>(count_++);
  std::copy(value.begin(), value.end(), storage_.at(index).begin());
  stored_[index] = true;
  lengths_[index] = static_cast<int>(value.size());
  return *this;
}

const char* const* Parameters::values() const {
  for (std::size_t i = 0; i < kMost; ++i)
    if (stored_[i]) values_[i] = reinterpret_cast<const char*>(storage_[i].data());
  return values_.data();
}

Parameters& Parameters::integer(std::int64_t value) {
  std::array<std::uint8_t, 8> bytes{};
  const auto big_endian = htobe64(static_cast<std::uint64_t>(value));
  std::memcpy(bytes.data(), &big_endian, sizeof big_endian);
  return add(bytes);
}

Parameters& Parameters::boolean(std::optional<bool> value) {
  if (!value) return null();
  const std::array<std::uint8_t, 1> byte{static_cast<std::uint8_t>(*value ? 1 : 0)};
  return add(byte);
}

Parameters& Parameters::day(DayNumber value) {
  std::array<std::uint8_t, 4> bytes{};
  const auto big_endian = htobe32(static_cast<std::uint32_t>(value - kEpochDay));
  std::memcpy(bytes.data(), &big_endian, sizeof big_endian);
  return add(bytes);
}

Parameters& Parameters::time(std::int64_t unix_micros) {
  const bool infinite = unix_micros == kBeforeAllTimes || unix_micros == kAfterAllTimes;
  return integer(infinite ? unix_micros : unix_micros - kEpochMicros);
}

Parameters& Parameters::text(std::string_view value) {
  const auto index = static_cast<std::size_t>(count_++);
  values_.at(index) = value.data() ? value.data() : "";
  lengths_[index] = static_cast<int>(value.size());
  return *this;
}

Parameters& Parameters::array(const BinaryArray& value) {
  const auto index = static_cast<std::size_t>(count_++);
  values_.at(index) = value.bytes().data();
  lengths_[index] = static_cast<int>(value.bytes().size());
  return *this;
}

Parameters& Parameters::null() {
  values_.at(static_cast<std::size_t>(count_++)) = nullptr;
  return *this;
}

Uuid Result::uuid(int row, int column) const {
  return raw<Uuid>(get(), row, column);
}

Digest Result::digest(int row, int column) const {
  return raw<Digest>(get(), row, column);
}

std::string_view Result::view(int row, int column) const {
  return {PQgetvalue(get(), row, column), static_cast<std::size_t>(PQgetlength(get(), row, column))};
}

std::int64_t Result::integer(int row, int column) const {
  return static_cast<std::int64_t>(be64toh(raw<std::uint64_t>(get(), row, column)));
}

int Result::integer32(int row, int column) const {
  return static_cast<int>(be32toh(raw<std::uint32_t>(get(), row, column)));
}

bool Result::boolean(int row, int column) const {
  return raw<std::uint8_t>(get(), row, column) != 0;
}

DayNumber Result::day(int row, int column) const {
  return integer32(row, column) + kEpochDay;
}

UnixSeconds Result::time(int row, int column) const {
  const std::int64_t all = micros(row, column);
  return all / 1000000 - (all % 1000000 < 0);
}

std::int64_t Result::micros(int row, int column) const {
  const std::int64_t value = integer(row, column);
  return value == kBeforeAllTimes || value == kAfterAllTimes ? value : value + kEpochMicros;
}

std::optional<Uuid> Result::optional_uuid(int row, int column) const {
  return null(row, column) ? std::nullopt : std::optional(uuid(row, column));
}

std::optional<std::string> Result::optional_text(int row, int column) const {
  return null(row, column) ? std::nullopt : std::optional(text(row, column));
}

std::optional<UnixSeconds> Result::optional_time(int row, int column) const {
  return null(row, column) ? std::nullopt : std::optional(time(row, column));
}

// BinaryArray's form: no dimension when there are no elements, else the one's size stands after three words.
std::vector<std::string> Result::texts(int row, int column) const {
  constexpr std::size_t kSizeAt = 12, kElementsAt = 20;
  const auto bytes = view(row, column);
  std::vector<std::string> values;
  if (word_at(bytes, 0) == 0) return values;
  values.reserve(word_at(bytes, kSizeAt));
  for (std::size_t at = kElementsAt; at < bytes.size(); at += 4 + values.back().size())
    values.emplace_back(bytes.substr(at + 4, word_at(bytes, at)));
  return values;
}

}  // namespace db
