#include "tests/unit/system_calls.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <memory>
#include <mutex>
#include <utility>

#include <dlfcn.h>
#include <sys/uio.h>
#include <unistd.h>

namespace unit {
namespace {

std::mutex mutex;
std::shared_ptr<const Watcher> current;

std::shared_ptr<const Watcher> watcher() {
  const std::lock_guard lock(mutex);
  return current;
}

std::string path_of(int fd) {
  std::array<char, PATH_MAX> path{};
  const auto size = ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path.data(), path.size());
  return {path.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

// `make` makes the call; a path is looked up only while somebody watches.
template <class Make, class Describe>
auto watched(const Make& make, const Describe& describe) -> decltype(make(describe(false))) {
  const auto watching = watcher();
  SystemCall call = describe(watching != nullptr);
  if (!watching) return make(call);
  if (const int error = (*watching)(call); error != 0) {
    errno = error;
    return -1;
  }
  const auto result = make(call);
  if (result >= 0) {
    call.done = true;
    (*watching)(call);
  }
  return result;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

int watched_descriptor(const char* name, int fd) {
  static_assert(sizeof(int (*)(int)) == sizeof(void*));
  return watched([&](const SystemCall&) { return next<int (*)(int)>(name)(fd); },
                 [&](bool look) { return SystemCall{.name = name, .path = look ? path_of(fd) : "", .new_path = {}}; });
}

int watched_two(const char* name, const char* path, const char* new_path) {
  return watched(
      [&](const SystemCall&) { return next<int (*)(const char*, const char*)>(name)(path, new_path); },
      [&](bool look) { return SystemCall{.name = name, .path = look ? path : "", .new_path = look ? new_path : ""}; });
}

}  // namespace

Watch::Watch(Watcher wanted) {
  const std::lock_guard lock(mutex);
  current = std::make_shared<const Watcher>(std::move(wanted));
}

Watch::~Watch() {
  const std::lock_guard lock(mutex);
  current = nullptr;
}

}  // namespace unit

extern "C" {

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  return unit::watched(
      [&](const unit::SystemCall& call) {
        return unit::next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite")(fd, data, call.size, offset);
      },
      [&](bool look) {
        return unit::SystemCall{.name = "pwrite",
                                .path = look ? unit::path_of(fd) : "",
                                .new_path = {},
                                .data = data,
                                .size = size,
                                .offset = offset};
      });
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  return unit::watched(
      [&](const unit::SystemCall&) {
        return unit::next<ssize_t (*)(int, const struct iovec*, int)>("writev")(fd, parts, count);
      },
      [&](bool look) {
        return unit::SystemCall{.name = "writev", .path = look ? unit::path_of(fd) : "", .new_path = {}};
      });
}

int fdatasync(int fd) {
  return unit::watched_descriptor("fdatasync", fd);
}

int fsync(int fd) {
  return unit::watched_descriptor("fsync", fd);
}

int ftruncate(int fd, off_t size) noexcept {
  return unit::watched([&](const unit::SystemCall&) { return unit::next<int (*)(int, off_t)>("ftruncate")(fd, size); },
                       [&](bool look) {
                         return unit::SystemCall{
                             .name = "ftruncate", .path = look ? unit::path_of(fd) : "", .new_path = {}};
                       });
}

int rename(const char* path, const char* new_path) noexcept {
  return unit::watched_two("rename", path, new_path);
}

int symlink(const char* path, const char* new_path) noexcept {
  return unit::watched_two("symlink", path, new_path);
}

int unlink(const char* path) noexcept {
  return unit::watched(
      [&](const unit::SystemCall&) { return unit::next<int (*)(const char*)>("unlink")(path); },
      [&](bool look) { return unit::SystemCall{.name = "unlink", .path = look ? path : "", .new_path = {}}; });
}

}  // extern "C"
