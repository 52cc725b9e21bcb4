// Comma-separated values (RFC 4180), written so that CsvReader reads the very same cells again, and so that no
// spreadsheet takes a cell for a formula. Knows nothing of links.
#pragma once

#include <string>
#include <string_view>

namespace links {

// One record after the other into a text that grows. A file must not begin with a cell of data: its byte order mark
// would be taken for the file's.
class CsvWriter {
 public:
  explicit CsvWriter(std::string& into) : into_(into) {}

  CsvWriter& cell(std::string_view text);  // valid UTF-8 without NUL, of at most kCsvMaxField bytes
  void end_record();                       // CRLF

 private:
  std::string& into_;
  bool first_ = true;
};

// What a spreadsheet would run when it opens the file (a text that begins with = + - @, a tab or a carriage return)
// gets an apostrophe before it, and so does what looks as if it had got one: nothing is lost when they are taken off
// again. OWASP, "CSV Injection".
std::string guard_formula(std::string_view text);
std::string_view unguard_formula(std::string_view cell);  // guard_formula()'s inverse; other texts stay as they are

}  // namespace links
