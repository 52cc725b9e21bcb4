// A piece of memory that the master maps before fork and only workers touch.
#pragma once

#include <cstddef>
#include <string>

namespace shm {

class Region {
 public:
  static Region anonymous(const std::string& name, std::size_t size);  // a memfd: survives exec by its descriptor
  static Region file(const std::string& path, std::size_t size);       // made anew (0640) and renamed into place
  static Region adopt(int fd, std::size_t size);                       // throws unless it is exactly this size
  static Region open_read_only(const std::string& path);               // another process's file

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
