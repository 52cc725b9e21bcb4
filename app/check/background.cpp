#include "app/check/background.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace check {
namespace {

unsigned thread_count() {
  return std::clamp(std::thread::hardware_concurrency(), 2U, 8U);
}

}  // namespace

Background::Background(unsigned threads)
    : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)), most_threads_(threads > 0 ? threads : thread_count()) {
  if (event_ < 0) throw std::runtime_error("no descriptor for work in the background");
}

Background::~Background() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  close(event_);
}

void Background::run(Step work, Step then) {
  if (threads_.empty())  // not before there is work: who forks first is left alone
    for (unsigned i = 0; i < most_threads_; ++i) threads_.emplace_back([this] { serve(); });
  const std::lock_guard lock(mutex_);
  wanted_.push_back({std::move(work), std::move(then)});
  wake_.notify_one();
}

void Background::serve() {
  // Whoever talks to hosts goes first: their time must not count our reading.
  const sched_param none{};
  sched_setscheduler(0, SCHED_BATCH, &none);
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return over_ || !wanted_.empty(); });
    if (over_) return;
    Task task = std::move(wanted_.front());
    wanted_.pop_front();
    lock.unlock();
    try {
      task.work();
    } catch (...) {
      task.failure = std::current_exception();
    }
    lock.lock();
    finished_.push_back(std::move(task));
    if (finished_.size() == 1) eventfd_write(event_, 1);
  }
}

void Background::deliver() {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    eventfd_t count = 0;
    eventfd_read(event_, &count);
    tasks.swap(finished_);
  }
  for (auto& task : tasks) {
    if (task.failure) std::rethrow_exception(task.failure);
    task.then();
  }
}

}  // namespace check
