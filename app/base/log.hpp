// Structured log: one JSON object a line on standard error. Home of spdlog. Values are escaped here, at the way out;
// anything that looks like an API key is masked even if a caller slips.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace base::log {

enum class Level { debug, info, warning, error };

struct Field {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

// `process` is the process's name in every line ("api worker 3"). Call again after fork.
void start(Level level, std::string_view process);

// {"time":"2026-04-27T08:00:00.123Z","level":"info","process":"api worker 3","pid":17,"event":"worker_started",...}
// `event` is a stable snake_case word; the fields say the rest.
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}

}  // namespace base::log
