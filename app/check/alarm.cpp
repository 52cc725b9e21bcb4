#include "app/check/alarm.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include <sys/timerfd.h>
#include <unistd.h>

namespace check {

Alarm::Alarm() : fd_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
  if (fd_ < 0) throw std::runtime_error("no descriptor left for a timer");
}

Alarm::~Alarm() {
  close(fd_);
}

void Alarm::set(Clock::time_point due) {
  const auto now = Clock::now();
  due = std::max(due, now);
  if (at_ <= due && (at_ > now || due <= now)) return;
  at_ = due;
  itimerspec timer{};
  if (due != Clock::time_point::max()) {
    const auto wait = std::max<std::int64_t>(std::chrono::nanoseconds(due - now).count(), 1);
    timer.it_value = {.tv_sec = wait / 1'000'000'000, .tv_nsec = wait % 1'000'000'000};
  }
  timerfd_settime(fd_, 0, &timer, nullptr);
}

}  // namespace check
