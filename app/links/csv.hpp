// Comma-separated values (RFC 4180), read as a stream in bounded memory; with semicolons or tabs, as spreadsheets write
// them in much of Europe, if that is what the first record has first. Knows nothing of links.
// Strict, so that nothing is ever misread: what breaks the form is a fault with its line, and reading goes on behind
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace links {

inline constexpr std::size_t kCsvMaxField = 16'384;   // bytes
inline constexpr std::size_t kCsvMaxRecord = 65'536;  // bytes, quotes and commas included

struct CsvFault {
  std::int64_t line = 0;  // where the record begins, from 1
  std::size_t field = 0;  // the field at fault, from 1; 0: the whole record
  std::string reason;
};

class CsvReader {
 public:
  // Fills `into` with up to `size` bytes and returns how many; 0: the end. May throw.
  using Source = std::function<std::size_t(char* into, std::size_t size)>;
  enum class Result { record, fault, end };

  explicit CsvReader(Source source);

  // Lines end with LF or CRLF; blank ones are passed over, and so is a byte order mark at the start.
  Result next();

  const std::vector<std::string>& fields() const { return fields_; }  // after Result::record: valid UTF-8, no NUL
  const CsvFault& fault() const { return fault_; }                    // after Result::fault
  std::int64_t record_line() const { return record_line_; }           // where that record begins, from 1
  std::int64_t bytes_read() const { return bytes_read_; }             // of the source, so far

 private:
  enum class State { field_start, plain, quoted, quote_in_quoted, carriage_return, skipping };

  bool fill();
  void skip_byte_order_mark();
  void begin_record();
  bool step(char c);  // true: the record is complete
  bool step_field_start(char c);
  bool step_plain(char c);
  bool step_quoted(char c);
  bool step_quote_in_quoted(char c);
  bool step_carriage_return(char c);
  bool end_of_line();
  bool separates(char c);
  void keep(char c);
  void end_field();
  void note_fault(std::string reason);  // the record's form still holds
  void break_off(std::string reason);   // it does not: skip to the next line
  Result finish();
  Result finish_at_end();

  Source source_;
  std::vector<char> buffer_;
  std::size_t position_ = 0;
  std::size_t filled_ = 0;
  std::int64_t bytes_read_ = 0;
  bool started_ = false;

  char separator_ = '\0';  // not known yet
  State state_ = State::field_start;
  std::int64_t line_ = 1;  // of the next byte
  std::int64_t record_line_ = 1;
  std::size_t record_bytes_ = 0;
  std::string field_;
  std::vector<std::string> fields_;
  bool faulty_ = false;
  CsvFault fault_;
};

}  // namespace links
