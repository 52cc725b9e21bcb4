// libcurl's multi interface on an epoll instance that is its owner's: handles go in, and come out ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <curl/curl.h>

namespace check {

class Multi {
 public:
  using Clock = std::chrono::steady_clock;
  struct Ended {
    CURL* handle;
    CURLcode code;
  };

  // Watches its sockets by `epoll_fd`, with the socket as the event's data. Throws std::runtime_error if libcurl does
  // not start.
  Multi(int epoll_fd, int kept_connections);
  ~Multi();  // no handle may be in it any more
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  void add(CURL* handle) { curl_multi_add_handle(multi_, handle); }
  void remove(CURL* handle) { curl_multi_remove_handle(multi_, handle); }

  void ready(int socket, std::uint32_t events);   // epoll's, for one of its sockets
  void ring();                                    // when it is due(), and not before
  Clock::time_point due() const { return due_; }  // max(): only its sockets can wake it
  std::optional<Ended> take_ended();              // removed already

 private:
  static int watch(CURL*, curl_socket_t socket, int what, void* multi, void* known);
  static int set_timer(CURLM*, long timeout_ms, void* multi);

  const int epoll_fd_;
  CURLM* const multi_;
  Clock::time_point due_ = Clock::time_point::max();
};

}  // namespace check
