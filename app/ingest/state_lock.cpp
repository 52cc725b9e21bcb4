#include "app/ingest/state_lock.hpp"

#include <cerrno>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/base/ids.hpp"
#include "app/base/text.hpp"
#include "app/clicks/segment_writer.hpp"

namespace ingest {
namespace {

constexpr std::size_t kIdBytes = 36;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// As a whole or not at all, and on the disk before anything is counted under it.
void write_id(const std::string& path, const db::Uuid& id) {
  const std::string unfinished = path + ".new", text = base::format_uuid(id) + '\n';
  const int fd = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (fd < 0) fail("cannot make " + unfinished);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  errno = error;
  if (!written || ::rename(unfinished.c_str(), path.c_str()) != 0) fail("cannot write " + path);
  clicks::sync_directory(std::filesystem::path(path).parent_path());
}

}  // namespace

StateLock::StateLock(const std::string& state_dir)
    : fd_(::open((state_dir + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (fd_ < 0) fail("cannot open " + state_dir + "/lock");
}

StateLock::~StateLock() {
  ::close(fd_);
}

bool StateLock::take() {
  return ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
}

db::Uuid journal_id(const std::string& state_dir) {
  const std::string path = state_dir + "/id";
  if (std::filesystem::exists(path)) {
    const std::string text = base::read_file(path, kIdBytes + 1);
    if (const auto id = base::parse_uuid(std::string_view(text).substr(0, kIdBytes))) return *id;
    throw std::runtime_error(path + " holds no id; if it was damaged, remove it: a new one is made");
  }
  const db::Uuid id = base::random_uuid();
  write_id(path, id);
  return id;
}

}  // namespace ingest
