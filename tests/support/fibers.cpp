#include "tests/support/fibers.hpp"

#include <algorithm>
#include <cstdint>

namespace support {
namespace {
constexpr std::size_t kStack = 64 * 1024;
}

void Fibers::add(std::function<void()> body) {
  auto fiber = std::make_unique<Fiber>();
  fiber->body = std::move(body);
  fiber->stack = std::make_unique_for_overwrite<char[]>(kStack);
  ::getcontext(&fiber->context);
  fiber->context.uc_stack.ss_sp = fiber->stack.get();
  fiber->context.uc_stack.ss_size = kStack;
  fiber->context.uc_link = &main_;
  const auto self = reinterpret_cast<std::uintptr_t>(this);  // makecontext passes on nothing wider than int
  ::makecontext(&fiber->context, reinterpret_cast<void (*)()>(&Fibers::enter), 2, static_cast<unsigned>(self >> 32),
                static_cast<unsigned>(self));
  able_.push_back(fibers_.size());
  fibers_.push_back(std::move(fiber));
}

// A fiber that ends comes back to main, which gives the turn to the next.
void Fibers::run() {
  while (!able_.empty()) {
    current_ = choose_(current_, able_);
    ::swapcontext(&main_, &fibers_[current_]->context);
    std::erase(able_, current_);
  }
}

void Fibers::yield() {
  const std::size_t from = current_;
  const std::size_t to = choose_(from, able_);
  if (to == from) return;
  current_ = to;
  ::swapcontext(&fibers_[from]->context, &fibers_[to]->context);
}

void Fibers::enter(unsigned high, unsigned low) {
  auto* self = reinterpret_cast<Fibers*>(std::uintptr_t{high} << 32 | low);
  self->fibers_[self->current_]->body();
}

}  // namespace support
