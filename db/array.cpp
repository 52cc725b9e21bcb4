#include "db/array.hpp"

#include "db/error.hpp"

namespace db {
namespace {

void refuse_nul(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    throw Error(ErrorKind::invalid, "22021", "", "a text has a NUL byte, which the database cannot hold");
}

}  // namespace

void TextArray::separate() {
  if (text_.size() > 1) text_ += ',';
}

void TextArray::add(std::string_view value) {
  refuse_nul(value);
  separate();
  text_ += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

void TextArray::add_null() {
  separate();
  text_ += "NULL";
}

const std::string& without_nul(const std::string& text) {
  refuse_nul(text);
  return text;
}

}  // namespace db
