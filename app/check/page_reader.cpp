#include "app/check/page_reader.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

#include "app/check/charset.hpp"
#include "app/check/html.hpp"

namespace check {
namespace {

// One a core: parsing is all that checks need much of it for.
unsigned thread_count() {
  return std::clamp(std::thread::hardware_concurrency(), 2U, 8U);
}

std::shared_ptr<const HtmlDocument> page_of(const Answer& answer) {
  const std::string* type = answer.header("content-type");
  const std::string charset = charset_of(answer.body, type == nullptr ? std::string_view() : *type);
  return std::make_shared<const HtmlDocument>(to_utf8(answer.body, charset));
}

}  // namespace

PageReader::PageReader() : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (event_ < 0) throw std::runtime_error("no descriptor for reading pages");
}

PageReader::~PageReader() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  close(event_);
}

void PageReader::read(Answer&& answer, Done done) {
  if (threads_.empty())  // not before there is a page: who forks first is left alone
    for (unsigned i = 0; i < thread_count(); ++i) threads_.emplace_back([this] { work(); });
  const std::lock_guard lock(mutex_);
  wanted_.push_back({std::move(answer), std::move(done)});
  wake_.notify_one();
}

void PageReader::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return over_ || !wanted_.empty(); });
    if (over_) return;
    Task task = std::move(wanted_.front());
    wanted_.pop_front();
    lock.unlock();
    task.answer.page = page_of(task.answer);
    lock.lock();
    read_.push_back(std::move(task));
    if (read_.size() == 1) eventfd_write(event_, 1);
  }
}

void PageReader::deliver() {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    eventfd_t count = 0;
    eventfd_read(event_, &count);
    tasks.swap(read_);
  }
  for (auto& task : tasks) task.done(std::move(task.answer));
}

}  // namespace check
