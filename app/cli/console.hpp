// The operator's terminal, or the script in its place: results on standard output, everything else on standard error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/base/config.hpp"
#include "app/cli/failure.hpp"
#include "app/cli/value.hpp"

namespace cli {

enum class Paint { plain, bold, dim, red, green, yellow };
enum class Align { left, right };

// A table's column: which member of each row it shows under which heading.
struct Column {
  std::string heading;
  std::string member;
  Align align = Align::left;
  std::string absent = "-";  // shown for null
};

class Console {
 public:
  Console(bool json, const base::Environment& environment);

  bool json() const { return json_; }
  bool terminal() const { return terminal_; }              // standard output is one
  bool unicode() const { return unicode_; }                // the locale's characters are UTF-8
  bool draws_progress() const { return draws_progress_; }  // standard error is a terminal, and --json was not asked for

  void print_json(const Value& value) const;  // to standard output
  void print(std::string_view text) const;    // as it is, to standard output; a line feed is added
  void remark(std::string_view text) const;   // for people: to standard error; nothing with --json
  void report(const Failure& failure) const;  // to standard error

  std::string paint(Paint paint, std::string_view text) const;
  std::string table(const std::vector<Column>& columns, const Array& rows) const;

 private:
  bool json_;
  bool terminal_;
  bool unicode_;
  bool colour_;
  bool draws_progress_;
};

// Text from elsewhere made harmless to a terminal: on one line; control characters, bidi controls and broken
// UTF-8 become '?'.
std::string printable(std::string_view text);
std::string counted(std::int64_t number, const std::string& noun);  // "1 row", "2 rows"
std::string duration(std::int64_t seconds);                         // "59 s", "5 min", "3 h 20 min", "3 days"

// A word of a command line that a shell will read back as it is.
std::string shell_word(std::string_view text);

}  // namespace cli
