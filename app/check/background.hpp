// Threads for what takes long to compute: reading a page may take a quarter of a second, and the other checks must not
// wait for it, nor count that time as their hosts'.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace check {

class Background {
 public:
  using Step = std::function<void()>;

  explicit Background(unsigned threads = 0);  // 0: as many as suits the computer
  ~Background();                              // waits for the work that has begun; the rest is dropped
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  void run(Step work, Step then);          // `work` on one of the threads, and later `then` from within deliver()
  void deliver();                          // throws what `work` threw
  int event_fd() const { return event_; }  // readable when deliver() has something

 private:
  struct Task {
    Step work;
    Step then;
    std::exception_ptr failure{};
  };

  void serve();

  const int event_;
  const unsigned most_threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> wanted_;
  std::vector<Task> finished_;
  bool over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace check
