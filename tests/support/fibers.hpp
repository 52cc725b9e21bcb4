// Threads that take turns only where a test says so, so that a schedule can be chosen and repeated. Not under TSan,
// which does not follow stacks that are swapped.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include <ucontext.h>

namespace support {

class Fibers {
 public:
  // Which fiber goes on: called with the one that asks (it may have ended) and those that have not ended (not empty).
  using Choose = std::function<std::size_t(std::size_t asking, const std::vector<std::size_t>& able)>;

  explicit Fibers(Choose choose) : choose_(std::move(choose)) {}

  void add(std::function<void()> body);  // which must not let an exception out
  void run();                            // until all have ended

  void yield();  // from within a fiber
  std::size_t current() const { return current_; }

 private:
  struct Fiber {
    std::function<void()> body;
    std::unique_ptr<char[]> stack;
    ucontext_t context;
  };

  static void enter(unsigned high, unsigned low);

  Choose choose_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<std::size_t> able_;
  std::size_t current_ = 0;
  ucontext_t main_;
};

}  // namespace support
