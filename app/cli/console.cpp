#include "app/cli/console.hpp"

#include <algorithm>
#include <clocale>
#include <cstdio>

#include <langinfo.h>
#include <unistd.h>
#include <wchar.h>

#include "app/base/api_key.hpp"
#include "app/base/text.hpp"

namespace cli {
namespace {

constexpr std::string_view kGap = "  ";

bool set(const base::Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found != environment.end() && !found->second.empty();
}

// A result that did not arrive (a full disk, a closed pipe) must not look like success: a key is shown only once.
void write_line(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fputc('\n', stream);
  if (std::fflush(stream) != 0 && stream == stdout)
    throw Failure(Exit::failed, "output_failed", "cannot write to standard output", "Is the disk full?");
}

std::size_t width(const std::string& text) {
  std::size_t columns = 0;
  mbstate_t state{};
  for (std::size_t at = 0; at < text.size();) {
    wchar_t wide = 0;
    const std::size_t length = mbrtowc(&wide, text.data() + at, text.size() - at, &state);
    if (length == 0 || length > text.size()) return text.size();  // not this locale's text: bytes will do
    columns += static_cast<std::size_t>(std::max(0, wcwidth(wide)));
    at += length;
  }
  return columns;
}

struct CellText {
  const std::string& absent;

  std::string operator()(std::nullptr_t) const { return absent; }
  std::string operator()(bool value) const { return value ? "yes" : "no"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
  }
  std::string operator()(const std::string& value) const { return printable(value); }
  std::string operator()(const Array& values) const { return std::to_string(values.size()); }
  std::string operator()(const Object& members) const { return std::to_string(members.size()); }
};

std::string cell(const Column& column, const Value& row) {
  const Value* value = member(row, column.member);
  return value == nullptr ? column.absent : std::visit(CellText{column.absent}, value->data);
}

using Line = std::vector<std::string>;

std::string draw(const Line& line, const std::vector<std::size_t>& widths, const std::vector<Column>& columns) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string padding(widths[i] - width(line[i]), ' ');
    if (i > 0) text += kGap;
    text += columns[i].align == Align::right ? padding + line[i] : line[i] + padding;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

Console::Console(bool json, const base::Environment& environment) : json_(json), terminal_(isatty(STDOUT_FILENO) == 1) {
  std::setlocale(LC_CTYPE, "");
  unicode_ = std::string_view(nl_langinfo(CODESET)) == "UTF-8";
  colour_ = !json && terminal_ && !set(environment, "NO_COLOR");
  draws_progress_ = !json && isatty(STDERR_FILENO) == 1;
}

void Console::print_json(const Value& value) const {
  write_line(stdout, to_json(value));
}

void Console::print(std::string_view text) const {
  write_line(stdout, text);
}

void Console::remark(std::string_view text) const {
  if (!json_) write_line(stderr, text);
}

void Console::report(const Failure& failure) const {
  const std::string message = base::mask_api_keys(printable(failure.what()));  // a word that was typed may be a key
  if (json_) {
    Object error{{"code", failure.code()}, {"message", message}, {"hint", failure.hint()}};
    return write_line(stderr, to_json(Object{{"error", std::move(error)}}));
  }
  write_line(stderr, "quietleaks: " + message);
  if (!failure.hint().empty()) write_line(stderr, "  " + printable(failure.hint()));
}

std::string Console::paint(Paint paint, std::string_view text) const {
  static constexpr const char* kCodes[] = {"", "1", "2", "31", "32", "33"};
  if (!colour_ || paint == Paint::plain) return std::string(text);
  return std::string("\x1b[") + kCodes[static_cast<std::size_t>(paint)] + "m" + std::string(text) + "\x1b[0m";
}

std::string Console::table(const std::vector<Column>& columns, const Array& rows) const {
  std::vector<Line> lines(1);
  for (const Column& column : columns) lines[0].push_back(column.heading);
  for (const Value& row : rows) {
    Line& line = lines.emplace_back();
    for (const Column& column : columns) line.push_back(cell(column, row));
  }
  std::vector<std::size_t> widths(columns.size());
  for (const Line& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));

  std::string text = paint(Paint::bold, draw(lines[0], widths, columns));
  for (std::size_t i = 1; i < lines.size(); ++i) text += "\n" + draw(lines[i], widths, columns);
  return text;
}

std::string printable(std::string_view text) {
  const bool utf8 = base::valid_utf8(text);
  std::string safe;
  while (!text.empty()) {
    const char c = text[0];
    const std::size_t control = base::control_sequence(text);
    if (c == '\n' || c == '\r' || c == '\t')
      safe += ' ';
    else if (control > 0 || (static_cast<unsigned char>(c) > 0x7F && !utf8))
      safe += '?';
    else
      safe += c;
    text.remove_prefix(std::max<std::size_t>(control, 1));
  }
  safe.erase(safe.find_last_not_of(' ') + 1);
  return safe;
}

std::string counted(std::int64_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string duration(std::int64_t seconds) {
  const std::int64_t minutes = seconds / 60;
  if (minutes == 0) return std::to_string(seconds) + " s";
  if (minutes < 60) return std::to_string(minutes) + " min";
  if (minutes / 60 < 48) return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
  return std::to_string(minutes / 60 / 24) + " days";
}

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && text.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789@%_+=:,./-") == std::string_view::npos;
  if (plain) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) c == '\'' ? quoted += "'\\''" : quoted += c;
  return quoted + "'";
}

}  // namespace cli
