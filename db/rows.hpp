// Reading SOCI's rows, for the statements that are not hot: ids come as text, times as epoch bigint.
#pragma once

#include <optional>
#include <string>

#include <soci/soci.h>

#include "app/base/ids.hpp"
#include "db/error.hpp"
#include "db/model.hpp"

namespace db {

inline Uuid uuid_in(const std::string& text) {
  if (const auto id = base::parse_uuid(text)) return *id;
  throw Error(ErrorKind::internal, "", "", "the database sent something else than a UUID");
}

inline Uuid uuid_in(const soci::row& row, const char* column) {
  return uuid_in(row.get<std::string>(column));
}

inline std::optional<std::int64_t> optional_integer_in(const soci::row& row, const char* column) {
  if (row.get_indicator(column) == soci::i_null) return std::nullopt;
  return row.get<long long>(column);
}

inline std::optional<std::string> optional_text_in(const soci::row& row, const char* column) {
  if (row.get_indicator(column) == soci::i_null) return std::nullopt;
  return row.get<std::string>(column);
}

}  // namespace db
