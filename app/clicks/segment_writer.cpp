#include "app/clicks/segment_writer.hpp"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/base/ids.hpp"

namespace clicks {
namespace {

constexpr int kAttempts = 3;  // to make a segment: a reader that takes it for a leftover is a rare accident
constexpr mode_t kDirectoryMode = 0750;
constexpr mode_t kFileMode = 0640;

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& path) {
  const int error = errno;
  throw std::system_error(error, std::generic_category(), what + " " + path.string());
}

struct Written {
  std::size_t bytes = 0;
  int error = 0;  // an errno, if that is not all
};

Written write_at(int fd, const void* data, std::size_t size, std::int64_t offset) noexcept {
  const auto* bytes = static_cast<const char*>(data);
  Written written;
  while (written.bytes < size && written.error == 0) {
    const ssize_t part =
        ::pwrite(fd, bytes + written.bytes, size - written.bytes, offset + static_cast<std::int64_t>(written.bytes));
    if (part > 0)
      written.bytes += static_cast<std::size_t>(part);
    else if (part == 0 || errno != EINTR)
      written.error = part == 0 ? EIO : errno;
  }
  return written;
}

int sync_directory_errno(const std::filesystem::path& directory) noexcept {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return errno;
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  return error;
}

void make_directory(const std::filesystem::path& directory) {
  if (::mkdir(directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST) fail("cannot make", directory);
}

SegmentHeader make_header(const db::Uuid& id, std::string_view pool) {
  SegmentHeader header;
  header.magic = kSegmentMagic;
  header.version = kSegmentVersion;
  header.id = id;
  header.made_at_us =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  header.writer_pid = ::getpid();
  pool.copy(header.pool.data(), header.pool.size() - 1);
  header.checksum = crc32c(&header, offsetof(SegmentHeader, checksum));
  return header;
}

}  // namespace

SegmentWriter::SegmentWriter(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}

SegmentWriter::~SegmentWriter() {
  ::close(fd_);
}

std::unique_ptr<SegmentWriter> SegmentWriter::make(const std::filesystem::path& directory, std::string_view pool) {
  make_directory(directory);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const db::Uuid id = base::random_uuid();
    const std::filesystem::path name = directory / base::format_uuid(id);
    const std::filesystem::path first_name = name.string() + ".new";
    const int fd = ::open(first_name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kFileMode);
    if (fd < 0) fail("cannot make", first_name);
    std::unique_ptr<SegmentWriter> writer(new SegmentWriter(name.string() + ".clicks", fd));
    try {
      if (writer->lock_and_name(make_header(id, pool), first_name)) return writer;
    } catch (...) {
      ::unlink(first_name.c_str());
      throw;
    }
  }
  errno = EBUSY;
  fail("cannot keep a new segment in", directory);
}

// False: a reader has taken the file for a dead writer's leftover (segment.cpp) between its making and its locking.
bool SegmentWriter::lock_and_name(const SegmentHeader& header, const std::filesystem::path& first_name) {
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) fail("cannot lock", first_name);
    ::unlink(first_name.c_str());
    return false;
  }
  if (const Written written = write_at(fd_, &header, sizeof(header), 0); written.error != 0) {
    errno = written.error;
    fail("cannot write the header of", first_name);
  }
  end_ = sizeof(header);
  if (::rename(first_name.c_str(), path_.c_str()) == 0) return true;
  if (errno != ENOENT) fail("cannot rename", first_name);
  return false;
}

SegmentWriter::Result SegmentWriter::append(std::span<const Record> records) noexcept {
  const Written written = write_at(fd_, records.data(), records.size_bytes(), end_);
  const std::size_t whole = written.bytes / sizeof(Record);
  end_ += static_cast<std::int64_t>(whole * sizeof(Record));
  return {whole, written.error};
}

void SegmentWriter::cut_torn_end() noexcept {
  while (::ftruncate(fd_, end_) != 0 && errno == EINTR) {
  }
}

void SegmentWriter::discard() noexcept {
  ::unlink(path_.c_str());
}

// The directory's own name, too: whoever made it need not have synced it.
int SegmentWriter::sync() noexcept {
  if (::fdatasync(fd_) != 0) return errno;
  if (name_synced_) return 0;
  int error = sync_directory_errno(path_.parent_path());
  if (error == 0) error = sync_directory_errno(path_.parent_path() / "..");
  name_synced_ = error == 0;
  return error;
}

void sync_directory(const std::filesystem::path& directory) {
  errno = sync_directory_errno(directory);
  if (errno != 0) fail("cannot sync", directory);
}

}  // namespace clicks
