#include "app/base/log.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <memory>
#include <mutex>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include "app/base/api_key.hpp"
#include "app/base/text.hpp"

namespace base::log {
namespace {

// A line leaves in one write(2), and a pipe keeps writes whole up to PIPE_BUF (4096) bytes: so that lines of several
// processes do not mix, text stops growing here. What is left of the 4096 holds time, level, process and closing
// quotes.
constexpr std::size_t kMaxMembers = 3600;

void append_escaped_byte(std::string& line, unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  line.append("\\u00").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
}

// One character of valid UTF-8. C1 controls are escaped too: they steer terminals as the C0 ones do.
void append_character(std::string& line, std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character == "\"" || character == "\\") {
    line.append("\\").append(character);
  } else if (character == "\n") {
    line.append("\\n");
  } else if (first < 0x20 || first == 0x7f) {
    append_escaped_byte(line, first);
  } else if (first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0) {
    append_escaped_byte(line, static_cast<unsigned char>(character[1]));
  } else {
    line.append(character);
  }
}

void append_string(std::string& line, std::string_view raw) {
  const std::string text = replace_bad_utf8(mask_api_keys(raw));
  line += '"';
  for (std::size_t at = 0; at < text.size();) {
    if (line.size() >= kMaxMembers) {
      line.append("\u2026");
      break;
    }
    const std::size_t length = utf8_sequence(std::string_view(text).substr(at));
    append_character(line, std::string_view(text).substr(at, length));
    at += length;
  }
  line += '"';
}

void append_value(std::string& line, std::string_view value) {
  append_string(line, value);
}
void append_value(std::string& line, std::int64_t value) {
  line.append(std::to_string(value));
}
void append_value(std::string& line, bool value) {
  line.append(value ? "true" : "false");
}

void append_value(std::string& line, double value) {
  if (!std::isfinite(value)) {
    line.append("null");
    return;
  }
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  line.append(digits.data(), end);
}

std::string members(std::string_view event, std::initializer_list<Field> fields) {
  std::string line = "\"event\":";
  append_string(line, event);
  for (const Field& field : fields) {
    line += ',';
    append_string(line, field.name);
    line += ':';
    std::visit([&line](const auto& value) { append_value(line, value); }, field.value);
  }
  return line;
}

// A whole line in one write(2). What standard error does not take is lost: a log must never stop its program.
class StandardErrorSink : public spdlog::sinks::base_sink<std::mutex> {
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::string_view rest(line.data(), line.size());
    while (!rest.empty()) {
      const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
      if (written < 0 && errno != EINTR) return;
      if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void flush_() override {}
};

spdlog::level::level_enum native(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// The process's name becomes a part of spdlog's pattern, where '%' is special.
std::string pattern(std::string_view process) {
  std::string name;
  append_string(name, process);
  for (auto at = name.find('%'); at != std::string::npos; at = name.find('%', at + 2)) name.insert(at, 1, '%');
  return R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","process":)" + name + R"(,"pid":%P,%v})";
}

std::unique_ptr<spdlog::logger> make_logger(Level level, std::string_view process) {
  auto logger = std::make_unique<spdlog::logger>("quietleaks", std::make_shared<StandardErrorSink>());
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>(pattern(process), spdlog::pattern_time_type::utc, "\n"));
  logger->set_level(native(level));
  return logger;
}

std::unique_ptr<spdlog::logger>& logger() {
  static std::unique_ptr<spdlog::logger> current = make_logger(Level::info, "quietleaks");
  return current;
}

}  // namespace

void start(Level level, std::string_view process) {
  logger() = make_logger(level, process);
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  const int saved_errno = errno;
  if (logger()->should_log(native(level))) logger()->log(native(level), spdlog::string_view_t(members(event, fields)));
  errno = saved_errno;
}

}  // namespace base::log
