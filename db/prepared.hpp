// The hot reads' way past SOCI: statements that are prepared once for each connection and speak PostgreSQL's binary
// formats both ways. A page of 100 links costs SOCI's vectors about 100 µs more than this.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

#include "db/array.hpp"
#include "db/model.hpp"

namespace db {

// timestamptz '-infinity' and 'infinity', as micros.
inline constexpr std::int64_t kBeforeAllTimes = INT64_MIN;
inline constexpr std::int64_t kAfterAllTimes = INT64_MAX;

// A constant of the program. The types of $1, $2 … must follow from the SQL: write casts.
struct Statement {
  const char* name;  // unique in the program
  const char* task;  // for messages: "could not TASK: …"
  const char* sql;
};

// Values for $1, $2 … in order.
class Parameters {
 public:
  Parameters& uuid(const Uuid& value) { return add(value); }  // uuid
  Parameters& uuid(const std::optional<Uuid>& value) { return value ? add(*value) : null(); }
  Parameters& bytes(const Digest& value) { return add(value); }  // bytea
  Parameters& integer(std::int64_t value);                       // bigint
  Parameters& boolean(std::optional<bool> value);                // boolean
  Parameters& day(DayNumber value);                              // date
  Parameters& time(std::int64_t unix_micros);                    // timestamptz; kBeforeAllTimes, kAfterAllTimes
  Parameters& text(std::string_view value);                      // text; must outlive the use of these
  Parameters& array(const BinaryArray& value);                   // of its type; must outlive the use of these
  Parameters& null();

  int count() const { return count_; }
  const char* const* values() const;
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return kBinary.data(); }

 private:
  static constexpr std::size_t kMost = 13;
  static constexpr std::array<int, kMost> kBinary = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

  Parameters& add(std::span<const std::uint8_t> value);

  int count_ = 0;
  std::array<std::array<std::uint8_t, 32>, kMost> storage_{};
  std::array<bool, kMost> stored_{};
  mutable std::array<const char*, kMost>
      values_{};  // of stored ones, only as values() leaves it: copies have their own
  std::array<int, kMost> lengths_{};
};

// Rows in binary form. Columns count from 0; a value must have the type that its reader names, and not be null.
class Result {
 public:
  explicit Result(PGresult* result) : result_(result, &PQclear) {}

  const PGresult* get() const { return result_.get(); }
  int rows() const { return PQntuples(get()); }
  bool null(int row, int column) const { return PQgetisnull(get(), row, column) != 0; }

  Uuid uuid(int row, int column) const;              // uuid
  Digest digest(int row, int column) const;          // bytea of 32 bytes
  std::string_view view(int row, int column) const;  // text; valid as long as the result
  std::string text(int row, int column) const { return std::string(view(row, column)); }
  std::int64_t integer(int row, int column) const;  // bigint
  int integer32(int row, int column) const;         // integer
  bool boolean(int row, int column) const;          // boolean
  DayNumber day(int row, int column) const;         // date
  UnixSeconds time(int row, int column) const;      // timestamptz, rounded down
  std::int64_t micros(int row, int column) const;   // timestamptz, as Parameters::time() takes it
  std::optional<Uuid> optional_uuid(int row, int column) const;
  std::optional<std::string> optional_text(int row, int column) const;
  std::optional<UnixSeconds> optional_time(int row, int column) const;
  std::vector<std::string> texts(int row, int column) const;  // text[] of at most one dimension, without nulls

 private:
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

}  // namespace db
