// A journal segment, the file of one writer: a header of 128 bytes, then records. Only its writer appends, only whole
// records, and it never changes what it has written. A segment is made as STATE_DIR/journal/ID.new, locked by its
// writer (flock, held for the writer's life), given its header and renamed to ID.clicks; so every .clicks file has a
// whole header, and whoever gets its lock knows that nobody will write to it again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "app/clicks/record.hpp"
#include "db/model.hpp"

namespace clicks {

struct SegmentHeader {
  std::array<char, 8> magic{};  // "QLCLICKS"
  std::uint32_t version = 1;
  std::uint32_t record_bytes = sizeof(Record);
  db::Uuid id{};
  std::int64_t made_at_us = 0;  // unix microseconds
  std::int32_t writer_pid = 0;
  std::array<char, 16> pool{};  // "go"
  std::array<char, 64> reserved{};
  std::uint32_t checksum = 0;  // CRC32C of all before it
};
static_assert(sizeof(SegmentHeader) == sizeof(Record));

std::filesystem::path journal_directory(const std::string& state_dir);

// What a reader finds in a directory, oldest first. Leftovers "*.new" of dead writers are removed on the way, files
// that are no segments are reported once in the log and left alone. Throws std::system_error if it cannot be read.
class SegmentReader;
std::vector<std::filesystem::path> find_segments(const std::filesystem::path& directory);

class SegmentReader {
 public:
  // Throws std::runtime_error if the file is no segment of ours.
  explicit SegmentReader(const std::filesystem::path& path);
  ~SegmentReader();
  SegmentReader(SegmentReader&& other) noexcept;
  SegmentReader& operator=(SegmentReader&& other) noexcept;

  const db::Uuid& id() const { return header_.id; }
  const std::filesystem::path& path() const { return path_; }
  std::int64_t made_at_us() const { return header_.made_at_us; }

  struct Batch {
    std::vector<Record> records;
    std::int64_t next = 0;     // the position behind the last one looked at
    std::int64_t damaged = 0;  // slots that held no valid record and were passed over
  };
  // At most `most` records from position `from` (in records, header excluded). A slot that is not valid is passed over
  // and counted if nobody will write it any more: the writer is gone, or has written behind it. Otherwise it is being
  // written, and reading stops there. Throws std::system_error on EIO and the like.
  Batch read(std::int64_t from, std::size_t most) const;

  std::int64_t records() const;  // whole slots in the file now
  bool writer_gone() const;      // true once, true for ever. Look at it *before* the last read that finds the end.
  void remove();                 // the file, and its name on the disk (fsync of the directory)

  // Frees the disk's blocks of records before `position`, which are never read again. What the file system cannot do
  // is left undone.
  void give_back(std::int64_t position);

 private:
  std::size_t read_slots(std::int64_t position, std::span<Record> into) const;

  std::filesystem::path path_;
  SegmentHeader header_;
  int fd_ = -1;
  mutable bool writer_gone_ = false;
  std::int64_t given_back_ = 0;  // bytes
};

}  // namespace clicks
