#include "app/links/csv_writer.hpp"

namespace links {
namespace {

constexpr std::string_view kFormulaStarts = "=+-@\t\r";
constexpr std::string_view kNeedsQuotes = ",\"\r\n";

bool looks_guarded_or_formula(std::string_view text) {
  const auto start = text.find_first_not_of('\'');
  return start != std::string_view::npos && kFormulaStarts.find(text[start]) != std::string_view::npos;
}

}  // namespace

std::string guard_formula(std::string_view text) {
  std::string guarded(looks_guarded_or_formula(text) ? "'" : "");
  return guarded.append(text);
}

std::string_view unguard_formula(std::string_view cell) {
  return cell.starts_with('\'') && looks_guarded_or_formula(cell) ? cell.substr(1) : cell;
}

CsvWriter& CsvWriter::cell(std::string_view text) {
  if (!first_) into_ += ',';
  first_ = false;
  const auto guarded = guard_formula(text);
  if (guarded.find_first_of(kNeedsQuotes) == std::string::npos) {
    into_ += guarded;
    return *this;
  }
  into_ += '"';
  for (const char c : guarded) into_.append(c == '"' ? 2 : 1, c);
  into_ += '"';
  return *this;
}

void CsvWriter::end_record() {
  into_ += "\r\n";
  first_ = true;
}

}  // namespace links
