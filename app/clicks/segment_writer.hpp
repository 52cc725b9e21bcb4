// The writing end of one journal segment (segment.hpp). Knows files, and nothing of when to sync or what to do about
// errors: that is journal.cpp's. Nothing here takes a lock of the process; sync() may run in another thread than
// append().
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "app/clicks/record.hpp"
#include "app/clicks/segment.hpp"

namespace clicks {

inline constexpr std::array<char, 8> kSegmentMagic = {'Q', 'L', 'C', 'L', 'I', 'C', 'K', 'S'};
inline constexpr std::uint32_t kSegmentVersion = 1;

class SegmentWriter {
 public:
  // Makes, locks, heads and names a new segment; makes the directory too. Throws std::system_error.
  static std::unique_ptr<SegmentWriter> make(const std::filesystem::path& directory, std::string_view pool);
  ~SegmentWriter();  // lets go of the lock: no more will be written
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  // How many of them are in the file now, and an errno if that is not all. The next call goes on behind the last whole
  // record, so no slot behind a torn one is ever used.
  struct Result {
    std::size_t records = 0;
    int error = 0;
  };
  Result append(std::span<const Record> records) noexcept;
  std::int64_t bytes() const noexcept { return end_; }

  // Gives up what a failed append may have left behind the last whole record.
  void cut_torn_end() noexcept;

  // Removes the file, which never took a record.
  void discard() noexcept;

  // To the disk, and once also the file's name. 0, or an errno: then never call it again, for the kernel reports an
  // error of writing back once and takes the pages for clean from then on.
  int sync() noexcept;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  SegmentWriter(std::filesystem::path path, int fd);
  bool lock_and_name(const SegmentHeader& header, const std::filesystem::path& first_name);

  std::filesystem::path path_;
  int fd_ = -1;
  std::int64_t end_ = 0;      // of the last whole record
  bool name_synced_ = false;  // sync()'s alone
};

// fsync of a directory: what was made, renamed and removed in it is so on the disk. Throws std::system_error.
void sync_directory(const std::filesystem::path& directory);

}  // namespace clicks
