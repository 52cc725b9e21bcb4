// CSV: bounded and strict, and what it reads is the same whatever the pieces that the source comes in.
#include "app/links/csv.hpp"

#include <algorithm>

#include "app/base/text.hpp"
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text(data, size);
  fuzz::require(read(text, 4096) == read(text, 1 + size % 7), "pieces make no difference");
  return 0;
}
