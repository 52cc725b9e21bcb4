// A descriptor that becomes readable when a time has come. Knows not what for.
#pragma once

#include <chrono>

namespace check {

class Alarm {
 public:
  using Clock = std::chrono::steady_clock;

  Alarm();
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  int fd() const { return fd_; }

  // From `due` on it is readable, until it is set again; max(): never. To set it costs as much as to send a request:
  // one that rings too early is left, whoever it wakes sets it again.
  void set(Clock::time_point due);

 private:
  const int fd_;
  Clock::time_point at_ = Clock::time_point::max();  // set to ring, or has rung
};

}  // namespace check
