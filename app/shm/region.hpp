// A piece of memory that the master maps before fork and only workers touch.
#pragma once

#include <cstddef>
#include <string>

namespace shm {

// Owns the mapping and its descriptor. All four throw std::system_error, saying what could not be done. New memory is
// zero.
class Region {
 public:
  // A memfd: it has no path, and its descriptor survives exec. Its size is sealed.
  static Region anonymous(const std::string& name, std::size_t size);

  // Made anew with mode 0640, and renamed into place. Its blocks are allocated here, so a full disk is told of here.
  static Region file(const std::string& path, std::size_t size);

  // An inherited descriptor. Throws std::runtime_error unless it is exactly this size; then it stays the caller's.
  static Region adopt(int fd, std::size_t size);

  static Region open_read_only(const std::string& path);  // another process's file, with the size that it has

  Region(Region&& other) noexcept;
  Region& operator=(Region&& other) noexcept;
  ~Region();  // unmaps and closes

  void* data() const { return data_; }
  std::size_t size() const { return size_; }
  int fd() const { return fd_; }

 private:
  Region(int fd, void* data, std::size_t size) : fd_(fd), data_(data), size_(size) {}
  int fd_ = -1;
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace shm
