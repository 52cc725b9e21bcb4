#include "app/check/multi.hpp"

#include <clocale>
#include <stdexcept>

#include <sys/epoll.h>

namespace check {
namespace {

// libcurl starts once for the process. The locale tells libidn2 that names outside ASCII are UTF-8.
CURLM* new_multi() {
  static const CURLcode started = [] {
    std::setlocale(LC_CTYPE, "C.UTF-8");
    return curl_global_init(CURL_GLOBAL_DEFAULT);
  }();
  CURLM* multi = started == CURLE_OK ? curl_multi_init() : nullptr;
  if (multi == nullptr) throw std::runtime_error("libcurl does not start");
  return multi;
}

}  // namespace

Multi::Multi(int epoll_fd, int kept_connections) : epoll_fd_(epoll_fd), multi_(new_multi()) {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, watch);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, set_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, long{kept_connections});
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
}

Multi::~Multi() {
  curl_multi_cleanup(multi_);
}

int Multi::watch(CURL*, curl_socket_t socket, int what, void* multi, void* known) {
  auto& self = *static_cast<Multi*>(multi);
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(self.epoll_fd_, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  epoll_event event{.events = 0, .data = {.fd = socket}};
  if (what != CURL_POLL_OUT) event.events |= EPOLLIN;
  if (what != CURL_POLL_IN) event.events |= EPOLLOUT;
  epoll_ctl(self.epoll_fd_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
  curl_multi_assign(self.multi_, socket, &self);  // from now on it is known
  return 0;
}

int Multi::set_timer(CURLM*, long timeout_ms, void* multi) {
  static_cast<Multi*>(multi)->due_ =
      timeout_ms < 0 ? Clock::time_point::max() : Clock::now() + std::chrono::milliseconds(timeout_ms);
  return 0;
}

void Multi::ready(int socket, std::uint32_t events) {
  int what = 0, running = 0;
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) what |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
  if ((events & EPOLLERR) != 0) what |= CURL_CSELECT_ERR;
  curl_multi_socket_action(multi_, socket, what, &running);
}

void Multi::ring() {
  int running = 0;
  due_ = Clock::time_point::max();
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
}

std::optional<Multi::Ended> Multi::take_ended() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const Ended ended{message->easy_handle, message->data.result};  // the message is gone with the handle
    remove(ended.handle);
    return ended;
  }
  return std::nullopt;
}

}  // namespace check
