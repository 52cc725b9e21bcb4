// A state machine over bytes: where a chunk of input ends makes no difference to what is read.
#include "app/links/csv.hpp"

#include <string_view>
#include <utility>

#include "app/base/text.hpp"

namespace links {
namespace {

constexpr std::size_t kChunk = 65'536;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

CsvReader::CsvReader(Source source) : source_(std::move(source)), buffer_(kChunk) {}

CsvReader::Result CsvReader::next() {
  if (!started_) skip_byte_order_mark();
  begin_record();
  for (;;) {
    if (position_ == filled_ && !fill()) return finish_at_end();
    const char c = buffer_[position_++];
    if (c == '\n') ++line_;
    if (++record_bytes_ > kCsvMaxRecord && state_ != State::skipping)
      break_off("the record is longer than 65,536 bytes (is a quote left open?)");
    if (step(c)) return finish();
  }
}

bool CsvReader::fill() {
  position_ = 0;
  filled_ = source_(buffer_.data(), buffer_.size());
  bytes_read_ += static_cast<std::int64_t>(filled_);
  return filled_ > 0;
}

void CsvReader::skip_byte_order_mark() {
  started_ = true;
  while (filled_ < kByteOrderMark.size()) {
    const std::size_t got = source_(buffer_.data() + filled_, buffer_.size() - filled_);
    if (got == 0) break;
    filled_ += got;
  }
  bytes_read_ = static_cast<std::int64_t>(filled_);
  if (std::string_view(buffer_.data(), filled_).starts_with(kByteOrderMark)) position_ = kByteOrderMark.size();
}

void CsvReader::begin_record() {
  state_ = State::field_start;
  record_line_ = line_;
  record_bytes_ = 0;
  field_.clear();
  fields_.clear();
  faulty_ = false;
}

// Names of columns hold none of these.
bool CsvReader::separates(char c) {
  if (separator_ == '\0' && (c == ',' || c == ';' || c == '\t')) separator_ = c;
  return c == separator_ && c != '\0';
}

bool CsvReader::step(char c) {
  switch (state_) {
    case State::field_start:
      return step_field_start(c);
    case State::plain:
      return step_plain(c);
    case State::quoted:
      return step_quoted(c);
    case State::quote_in_quoted:
      return step_quote_in_quoted(c);
    case State::carriage_return:
      return step_carriage_return(c);
    case State::skipping:
      return c == '\n';
  }
  return false;
}

bool CsvReader::step_field_start(char c) {
  if (c == '"') {
    state_ = State::quoted;
    return false;
  }
  state_ = State::plain;
  return step_plain(c);
}

bool CsvReader::step_plain(char c) {
  if (separates(c)) {
    end_field();
    return false;
  }
  switch (c) {
    case '\n':
      return end_of_line();
    case '\r':
      state_ = State::carriage_return;
      return false;
    case '"':
      break_off("a quote in the middle of a field: quote the whole field and double the quotes in it");
      return false;
    default:
      keep(c);
      return false;
  }
}

bool CsvReader::step_quoted(char c) {
  if (c == '"')
    state_ = State::quote_in_quoted;
  else
    keep(c);
  return false;
}

bool CsvReader::step_quote_in_quoted(char c) {
  if (separates(c)) {
    end_field();
    return false;
  }
  switch (c) {
    case '"':
      keep(c);
      state_ = State::quoted;
      return false;
    case '\n':
      end_field();
      return true;
    case '\r':
      state_ = State::carriage_return;
      return false;
    default:
      break_off("text behind a closing quote: double the quotes that belong to the field");
      return false;
  }
}

bool CsvReader::step_carriage_return(char c) {
  if (c == '\n') return end_of_line();
  break_off("a carriage return without a line feed: end lines with LF or CRLF");
  return false;
}

// A blank line is no record: begin again behind it.
bool CsvReader::end_of_line() {
  if (record_bytes_ <= 2 && fields_.empty() && field_.empty() && !faulty_) {
    begin_record();
    return false;
  }
  end_field();
  return true;
}

void CsvReader::keep(char c) {
  if (c == '\0') return note_fault("a NUL byte: save the file as UTF-8");
  if (field_.size() == kCsvMaxField) return note_fault("longer than 16,384 bytes (is a quote left open?)");
  field_.push_back(c);
}

void CsvReader::end_field() {
  if (!faulty_ && !base::valid_utf8(field_)) note_fault("not valid UTF-8: save the file as UTF-8");
  fields_.push_back(std::move(field_));
  field_.clear();
  state_ = State::field_start;
}

void CsvReader::note_fault(std::string reason) {
  if (faulty_) return;
  faulty_ = true;
  fault_ = {record_line_, fields_.size() + 1, std::move(reason)};
}

void CsvReader::break_off(std::string reason) {
  note_fault(std::move(reason));
  state_ = State::skipping;
}

CsvReader::Result CsvReader::finish() {
  if (separator_ == '\0') separator_ = ',';  // a first record of one field
  if (!faulty_) return Result::record;
  if (line_ - 1 > record_line_)
    fault_.reason += "; lines " + std::to_string(record_line_) + " to " + std::to_string(line_ - 1) + " are left out";
  return Result::fault;
}

CsvReader::Result CsvReader::finish_at_end() {
  if (record_bytes_ == 0) return Result::end;
  switch (state_) {
    case State::quoted:
      note_fault("a quote that is never closed; everything from line " + std::to_string(record_line_) +
                 " on is left out");
      return Result::fault;
    case State::skipping:
      return Result::fault;
    default:
      if (record_bytes_ == 1 && state_ == State::carriage_return) return Result::end;
      end_field();
      return faulty_ ? Result::fault : Result::record;
  }
}

}  // namespace links
