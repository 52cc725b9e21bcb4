// PostgreSQL's forms of arrays: how many rows go in with one round trip (`unnest`) through SOCI, whose vectors
// would take a round trip for each row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "db/model.hpp"

namespace db {

// Builds "{"a","b",NULL}". Throws Error (invalid) for a value with a NUL byte, which PostgreSQL cannot hold and SOCI
// would cut off silently.
class TextArray {
 public:
  void add(std::string_view value);
  void add_null();
  std::string text() const { return text_ + '}'; }

 private:
  void separate();

  std::string text_ = "{";
};

// PostgreSQL counts from 2000-01-01, days and microseconds.
inline constexpr DayNumber kBinaryEpochDay = 10957;
inline constexpr std::int64_t kBinaryEpochMicros = 946684800LL * 1000000;
inline constexpr DayNumber kNoDay = INT32_MAX;  // date 'infinity'

// The binary form, for libpq alone: thousands of rows in one parameter. Add values of the array's type only.
class BinaryArray {
 public:
  enum class Type : std::uint32_t {  // PostgreSQL's pg_type.dat
    boolean = 16,
    bigint = 20,
    integer = 23,
    text = 25,
    date = 1082,
    timestamptz = 1184,
    uuid = 2950
  };

  explicit BinaryArray(Type type);

  void uuid(const Uuid& value);
  void boolean(bool value);
  void integer(std::int32_t value);
  void bigint(std::int64_t value);
  void time(std::int64_t unix_micros);
  void day(DayNumber value);  // kNoDay: infinity
  void text(std::string_view value);
  void null();

  const std::string& bytes() const { return bytes_; }

 private:
  void word(std::uint32_t value);
  void element(const void* data, std::size_t size);
  void count();

  std::string bytes_;
  std::uint32_t size_ = 0;
};

BinaryArray text_array(const std::vector<std::string>& values);

// Throws Error (invalid) if the text has a NUL byte; returns it otherwise.
const std::string& without_nul(const std::string& text);

}  // namespace db
