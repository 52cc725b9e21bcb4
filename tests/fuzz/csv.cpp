// CSV: bounded and strict, and what it reads is the same whatever the pieces that the source comes in. What the writer
// makes of it is read back as it was, and none of it begins like a formula.
#include "app/links/csv.hpp"

#include <algorithm>

#include "app/base/text.hpp"
#include "app/links/csv_writer.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using Records = std::vector<std::vector<std::string>>;

Records read(std::string_view text, std::size_t piece) {
  links::CsvReader reader([&](char* into, std::size_t size) {
    const std::size_t count = text.copy(into, std::min(size, piece));
    text.remove_prefix(count);
    return count;
  });
  Records records;
  for (auto result = reader.next(); result != links::CsvReader::Result::end; result = reader.next()) {
    if (result == links::CsvReader::Result::fault) {
      fuzz::require(reader.fault().line >= 1 && !reader.fault().reason.empty(), "a fault says where and why");
      records.push_back({"fault at " + std::to_string(reader.fault().line)});
      continue;
    }
    for (const std::string& field : reader.fields())
      fuzz::require(base::valid_utf8(field) && field.find('\0') == std::string::npos, "fields are clean UTF-8");
    records.push_back(reader.fields());
  }
  return records;
}

std::string write(const Records& records) {
  std::string text;
  links::CsvWriter csv(text);
  csv.cell("headings").end_record();  // a byte order mark behind them is a cell's
  for (const auto& record : records) {
    for (const auto& cell : record) csv.cell(cell);
    csv.cell("end").end_record();  // a record of one empty cell would be a blank line
  }
  return text;
}

void require_round_trip(const Records& records) {
  Records back = read(write(records), 4096);
  back.erase(back.begin());
  for (auto& record : back) {
    for (auto& cell : record) {
      fuzz::require(cell.empty() || std::string_view("=+-@\t\r").find(cell.front()) == std::string_view::npos,
                    "no formula");
      cell = std::string(links::unguard_formula(cell));
    }
    record.pop_back();
  }
  fuzz::require(back == records, "what is written is read back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text(data, size);
  const Records records = read(text, 4096);
  fuzz::require(records == read(text, 1 + size % 7), "pieces make no difference");
  if (size < links::kCsvMaxField / 2) require_round_trip(records);  // else it may grow beyond what is read
  return 0;
}
