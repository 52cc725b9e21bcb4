// PostgreSQL's text form of arrays: how many rows go in with one round trip (`unnest`) through SOCI, whose vectors
// would take a round trip for each row.
#pragma once

#include <string>
#include <string_view>

namespace db {

// Builds "{"a","b",NULL}". Throws Error (invalid) for a value with a NUL byte, which PostgreSQL cannot hold and SOCI
// would cut off silently.
class TextArray {
 public:
  void add(std::string_view value);
  void add_null();
  std::string text() const { return text_ + '}'; }

 private:
  void separate();

  std::string text_ = "{";
};

// Throws Error (invalid) if the text has a NUL byte; returns it otherwise.
const std::string& without_nul(const std::string& text);

}  // namespace db
