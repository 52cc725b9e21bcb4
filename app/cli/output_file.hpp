// A file that people find whole or not at all: it is written under another name beside its place, and takes its own
// when it is complete and on the disk.
#pragma once

#include <string>
#include <string_view>

namespace cli {

class OutputFile {
 public:
  // "-" is standard output; that and what is no regular file (a pipe, /dev/null) are written to directly. Throws
  // Failure (file_unwritable), as does all that follows.
  explicit OutputFile(std::string path);
  ~OutputFile();  // takes away what was not finished
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // False: an interrupt came before all was written.
  bool write(std::string_view text) const;
  void finish();

 private:
  void open_beside();
  [[noreturn]] void fail() const;

  std::string path_;
  std::string working_path_;  // empty: written to directly, or finished
  int fd_ = -1;
};

}  // namespace cli
