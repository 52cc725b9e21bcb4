#include "app/shm/region.hpp"

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shm {
namespace {

[[noreturn]] void fail(const std::string& what, int error = errno) {
  throw std::system_error(error, std::generic_category(), what);
}

std::size_t size_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) fail("cannot read the size of shared memory");
  return static_cast<std::size_t>(status.st_size);
}

void* map(int fd, std::size_t size, int protection, const std::string& what) {
  void* data = ::mmap(nullptr, size, protection, MAP_SHARED, fd, 0);
  if (data == MAP_FAILED) fail("cannot map " + what);
  return data;
}

}  // namespace

// Each of these makes the Region as soon as there is a descriptor, so that a failure on the way closes it.

Region Region::anonymous(const std::string& name, std::size_t size) {
  Region region(::memfd_create(name.c_str(), MFD_ALLOW_SEALING), nullptr, size);
  if (region.fd_ < 0) fail("cannot make shared memory '" + name + "'");
  if (::ftruncate(region.fd_, static_cast<off_t>(size)) != 0) fail("cannot size shared memory '" + name + "'");
  // Nobody who inherits the descriptor can cut the memory off under the others.
  if (::fcntl(region.fd_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    fail("cannot seal shared memory '" + name + "'");
  region.data_ = map(region.fd_, size, PROT_READ | PROT_WRITE, "shared memory '" + name + "'");
  return region;
}

Region Region::file(const std::string& path, std::size_t size) {
  const std::string unfinished = path + ".new." + std::to_string(::getpid());
  ::unlink(unfinished.c_str());  // of an earlier process with our id
  Region region(::open(unfinished.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640), nullptr, size);
  if (region.fd_ < 0) fail("cannot make " + unfinished);
  try {
    if (::fchmod(region.fd_, 0640) != 0) fail("cannot set the mode of " + unfinished);  // whatever the umask is
    // A full disk is told of here, not by SIGBUS later.
    if (const int error = ::posix_fallocate(region.fd_, 0, static_cast<off_t>(size)))
      fail("cannot size " + unfinished, error);
    region.data_ = map(region.fd_, size, PROT_READ | PROT_WRITE, unfinished);
    if (::rename(unfinished.c_str(), path.c_str()) != 0) fail("cannot rename " + unfinished + " to " + path);
  } catch (...) {
    ::unlink(unfinished.c_str());
    throw;
  }
  return region;
}

Region Region::adopt(int fd, std::size_t size) {
  if (const std::size_t found = size_of(fd); found != size)
    throw std::runtime_error("inherited shared memory has " + std::to_string(found) + " bytes, expected " +
                             std::to_string(size));
  void* data = map(fd, size, PROT_READ | PROT_WRITE, "inherited shared memory");
  return {fd, data, size};
}

Region Region::open_read_only(const std::string& path) {
  Region region(::open(path.c_str(), O_RDONLY | O_CLOEXEC), nullptr, 0);
  if (region.fd_ < 0) fail("cannot open " + path);
  region.size_ = size_of(region.fd_);
  region.data_ = map(region.fd_, region.size_, PROT_READ, path);
  return region;
}

Region::Region(Region&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

Region& Region::operator=(Region&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Region::~Region() {
  if (data_ != nullptr) ::munmap(data_, size_);
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace shm
