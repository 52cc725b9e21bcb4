#include "app/cli/output_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli/failure.hpp"
#include "app/cli/interrupt.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

// Where a symbolic link leads, so that it stays one.
std::string place_of(const std::string& path) {
  std::error_code error;
  const auto place = fs::canonical(path, error);
  return error ? path : place.string();
}

// A rename is on the disk when its folder is. Where folders cannot be synced, nothing more can be done.
void sync_folder_of(const std::string& path) {
  const auto folder = fs::path(path).parent_path();
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

}  // namespace

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
  struct stat status {};
  if (path_ == "-") {
    fd_ = STDOUT_FILENO;
  } else if (stat(path_.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    fd_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd_ < 0) fail();
  } else {
    open_beside();
  }
}

void OutputFile::open_beside() {
  path_ = place_of(path_);
  const std::string working_path = path_ + ".part-" + std::to_string(getpid());
  fd_ = open(working_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd_ < 0) fail();
  working_path_ = working_path;
}

OutputFile::~OutputFile() {
  if (fd_ > STDERR_FILENO) close(fd_);
  if (!working_path_.empty()) unlink(working_path_.c_str());
}

bool OutputFile::write(std::string_view text) const {
  while (!text.empty()) {
    if (interrupted()) return false;
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      fail();
  }
  return true;
}

void OutputFile::finish() {
  if (working_path_.empty()) return;
  if (fsync(fd_) != 0 || rename(working_path_.c_str(), path_.c_str()) != 0) fail();
  working_path_.clear();
  sync_folder_of(path_);
}

void OutputFile::fail() const {
  throw Failure(Exit::failed, "file_unwritable", "cannot write " + path_ + ": " + std::strerror(errno),
                "Give the name of a file that can be made, or - for standard output.");
}

}  // namespace cli
