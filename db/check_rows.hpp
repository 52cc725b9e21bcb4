// Reading rows of link_watch.
#pragma once

#include "db/checks.hpp"
#include "db/link_statements.hpp"
#include "db/prepared.hpp"

namespace db {

inline std::optional<UnixSeconds> parse_due(const Result& rows, int row, int column) {
  if (rows.null(row, column) || rows.micros(row, column) == kAfterAllTimes) return std::nullopt;
  return rows.time(row, column);
}

// From `column` on: paused, baseline_url, baseline_accepted, expected_host, tag_parameter, suspected_status,
// suspected_mode, suspected_times::integer, due_at (null or infinity: none).
inline LinkWatch parse_watch(const Result& rows, int row, int column) {
  return {.paused = rows.boolean(row, column),
          .baseline_url = rows.optional_text(row, column + 1),
          .baseline_accepted = rows.boolean(row, column + 2),
          .expected_host = rows.optional_text(row, column + 3),
          .tag_parameter = rows.optional_text(row, column + 4),
          .suspected_status =
              rows.null(row, column + 5) ? std::nullopt : std::optional(parse_status(rows.view(row, column + 5))),
          .suspected_mode = rows.optional_text(row, column + 6),
          .suspected_times = rows.integer32(row, column + 7),
          .due_at = parse_due(rows, row, column + 8)};
}

}  // namespace db
