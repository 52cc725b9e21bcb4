// Reads pages on threads of its own: one may take a quarter of a second, and the other checks must not wait for it, nor
// count that time as their hosts'.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "app/check/transfer.hpp"

namespace check {

class PageReader {
 public:
  using Done = std::function<void(Answer&&)>;

  PageReader();
  ~PageReader();  // waits for the pages that are being read
  PageReader(const PageReader&) = delete;
  PageReader& operator=(const PageReader&) = delete;

  void read(Answer&& answer, Done done);  // called from within deliver(), with the answer's `page`
  void deliver();
  int event_fd() const { return event_; }  // readable when deliver() has something

 private:
  struct Task {
    Answer answer;
    Done done;
  };

  void work();

  const int event_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> wanted_;
  std::vector<Task> read_;
  bool over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace check
