#include "app/server/input.hpp"

#include <poll.h>
#include <sys/socket.h>

namespace server {

Input wait_for_input(int connection, int milliseconds) {
  pollfd waited{connection, POLLIN, 0};
  if (::poll(&waited, 1, milliseconds) <= 0) return Input::none;
  return (waited.revents & POLLHUP) != 0 ? Input::abandoned : Input::there;
}

bool has_input_now(int connection) {
  char byte = 0;
  return recv(connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

}  // namespace server
