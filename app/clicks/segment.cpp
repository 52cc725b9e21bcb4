#include "app/clicks/segment.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/base/log.hpp"
#include "app/clicks/segment_writer.hpp"

namespace clicks {
namespace {

constexpr std::int64_t kRecordBytes = sizeof(Record);
constexpr std::size_t kChunkRecords = 1024;   // read at once: 128 KiB
constexpr std::int64_t kMostSlots = 1 << 20;  // looked at by one call, whatever a file claims to hold
constexpr std::int64_t kLeftoverSeconds = 2;  // younger than this, its writer may be about to lock it
constexpr std::size_t kMostReported = 1000;   // names of odd files that are remembered

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& path) {
  const int error = errno;
  throw std::system_error(error, std::generic_category(), what + " " + path.string());
}

// True: nobody else holds the file. Gives the lock back at once.
bool lock_is_free(int fd, int operation, const std::filesystem::path& path) {
  int result = 0;
  do result = ::flock(fd, operation | LOCK_NB);
  while (result != 0 && errno == EINTR);
  if (result == 0) ::flock(fd, LOCK_UN);
  if (result != 0 && errno != EWOULDBLOCK) fail("cannot probe the lock of", path);
  return result == 0;
}

// As much as there is up to `size` bytes.
std::size_t read_at(int fd, void* into, std::size_t size, std::int64_t offset, const std::filesystem::path& path) {
  auto* bytes = static_cast<char*>(into);
  std::size_t count = 0;
  while (count < size) {
    const ssize_t part = ::pread(fd, bytes + count, size - count, offset + static_cast<std::int64_t>(count));
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) fail("cannot read", path);
    if (part == 0) break;
    count += static_cast<std::size_t>(part);
  }
  return count;
}

bool is_ours(const SegmentHeader& header) {
  return header.magic == kSegmentMagic && header.version == kSegmentVersion && header.record_bytes == kRecordBytes &&
         header.checksum == crc32c(&header, offsetof(SegmentHeader, checksum));
}

// Of what is no segment of ours: one line for each file in this process's life.
void report_once(const std::filesystem::path& path, std::string_view detail) {
  static std::mutex mutex;
  static std::set<std::string> reported;
  const std::lock_guard lock(mutex);
  if (reported.size() >= kMostReported || !reported.insert(path.string()).second) return;
  base::log::warning("journal_file_ignored", {{"file", path.native()}, {"detail", detail}});
}

// A descriptor for the length of a look at a file; negative: the file has gone or cannot be opened.
struct Look {
  explicit Look(const std::filesystem::path& path)
      : fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {
    if (fd >= 0 && ::fstat(fd, &status) != 0) status = {};
  }
  ~Look() {
    if (fd >= 0) ::close(fd);
  }
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;
  int fd;
  struct stat status {};
};

// ID.new: its writer died before it renamed it, if the lock is free and stays unasked for. Should the writer come
// between open and flock all the same, it finds the lock taken or the rename failing, and makes another segment.
void remove_leftover(const std::filesystem::path& path) {
  const Look look(path);
  if (look.fd < 0 || !S_ISREG(look.status.st_mode)) return;
  if (std::abs(::time(nullptr) - look.status.st_mtime) < kLeftoverSeconds) return;
  if (::flock(look.fd, LOCK_EX | LOCK_NB) != 0) return;
  if (::unlink(path.c_str()) == 0) base::log::info("journal_leftover_removed", {{"file", path.native()}});
}

// A file too short for a header holds no click. No death of a process leaves one; a power cut can.
bool remove_stump(const std::filesystem::path& path) {
  const Look look(path);
  if (look.fd < 0 || !S_ISREG(look.status.st_mode) || look.status.st_size >= kRecordBytes) return false;
  if (::flock(look.fd, LOCK_EX | LOCK_NB) != 0) return false;
  if (::unlink(path.c_str()) != 0) return false;
  base::log::warning("journal_stump_removed", {{"file", path.native()}, {"bytes", look.status.st_size}});
  return true;
}

// Nothing: no segment, or it has gone meanwhile.
std::optional<std::int64_t> made_at(const std::filesystem::path& path) {
  try {
    return SegmentReader(path).made_at_us();
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::no_such_file_or_directory) report_once(path, error.what());
  } catch (const std::runtime_error& error) {
    if (!remove_stump(path)) report_once(path, error.what());
  }
  return std::nullopt;
}

// The number of slots up to the last valid one.
std::size_t behind_last_valid(std::span<const Record> slots) {
  std::size_t end = slots.size();
  while (end > 0 && !slots[end - 1].valid()) --end;
  return end;
}

}  // namespace

std::filesystem::path journal_directory(const std::string& state_dir) {
  return std::filesystem::path(state_dir) / "journal";
}

std::vector<std::filesystem::path> find_segments(const std::filesystem::path& directory) {
  std::vector<std::pair<std::int64_t, std::filesystem::path>> found;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() == ".new") {
      remove_leftover(path);
    } else if (path.extension() != ".clicks") {
      if (path.filename() != "lock") report_once(path, "not a name of the journal");
    } else if (const auto time = made_at(path)) {
      found.emplace_back(*time, path);
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<std::filesystem::path> paths;
  paths.reserve(found.size());
  for (auto& [time, path] : found) paths.push_back(std::move(path));
  return paths;
}

SegmentReader::SegmentReader(const std::filesystem::path& path)
    : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {
  if (fd_ < 0) fail("cannot open", path);
  try {
    struct stat status {};
    if (::fstat(fd_, &status) != 0) fail("cannot look at", path);
    const bool whole = S_ISREG(status.st_mode) && read_at(fd_, &header_, sizeof(header_), 0, path) == sizeof(header_);
    if (!whole || !is_ours(header_)) throw std::runtime_error(path.string() + " is no segment of the click journal");
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

SegmentReader::~SegmentReader() {
  if (fd_ >= 0) ::close(fd_);
}

SegmentReader::SegmentReader(SegmentReader&& other) noexcept
    : path_(std::move(other.path_)),
      header_(other.header_),
      fd_(std::exchange(other.fd_, -1)),
      writer_gone_(other.writer_gone_),
      given_back_(other.given_back_) {}

SegmentReader& SegmentReader::operator=(SegmentReader&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(header_, other.header_);
  std::swap(fd_, other.fd_);
  std::swap(writer_gone_, other.writer_gone_);
  std::swap(given_back_, other.given_back_);
  return *this;
}

std::int64_t SegmentReader::records() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) fail("cannot look at", path_);
  return std::max<std::int64_t>(0, status.st_size / kRecordBytes - 1);
}

bool SegmentReader::writer_gone() const {
  return writer_gone_ = writer_gone_ || lock_is_free(fd_, LOCK_SH, path_);
}

SegmentReader::Batch SegmentReader::read(std::int64_t from, std::size_t most) const {
  Batch batch;
  batch.next = from;
  std::vector<Record> chunk;
  // What was read before the writer was known to be gone, or to have written behind a slot, proves nothing of a slot
  // that is not valid: the slot is read again then.
  while (batch.records.size() < most && batch.next - from < kMostSlots) {
    const bool gone = writer_gone_;
    chunk.resize(std::min(kChunkRecords, most - batch.records.size()));
    const std::size_t slots = read_slots(batch.next, chunk);
    if (slots == 0) break;
    const std::size_t settled = gone ? slots : behind_last_valid({chunk.data(), slots});
    for (std::size_t at = 0; at < settled; ++at) {
      if (!chunk[at].valid() && !gone) read_slots(batch.next + static_cast<std::int64_t>(at), {&chunk[at], 1});
      if (chunk[at].valid())
        batch.records.push_back(chunk[at]);
      else
        ++batch.damaged;
    }
    batch.next += static_cast<std::int64_t>(settled);
    if (settled < slots && !writer_gone()) break;
  }
  return batch;
}

// How many whole ones there were to read.
std::size_t SegmentReader::read_slots(std::int64_t position, std::span<Record> into) const {
  return read_at(fd_, into.data(), into.size_bytes(), (position + 1) * kRecordBytes, path_) / sizeof(Record);
}

void SegmentReader::give_back(std::int64_t position) {
  constexpr std::int64_t kBlock = 4096;  // the first holds the header and stays
  const std::int64_t end = (position + 1) * kRecordBytes / kBlock * kBlock;
  if (end <= std::max(given_back_, kBlock)) return;
  const int fd = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return;
  if (::fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, kBlock, end - kBlock) == 0) given_back_ = end;
  ::close(fd);
}

void SegmentReader::remove() {
  if (::unlink(path_.c_str()) != 0 && errno != ENOENT) fail("cannot remove", path_);
  sync_directory(path_.parent_path());
}

}  // namespace clicks
