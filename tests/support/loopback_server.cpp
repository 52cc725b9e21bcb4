#include "tests/support/loopback_server.hpp"

#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/wait_until.hpp"

namespace support {
namespace {

int listen_on_loopback(int& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || bind(listener, plain, size) != 0 || listen(listener, 1024) != 0 ||
      getsockname(listener, plain, &size) != 0)
    throw std::runtime_error("a server for tests cannot listen");
  port = ntohs(address.sin_port);
  return listener;
}

}  // namespace

LoopbackServer::LoopbackServer(std::function<void(int connection)> serve)
    : serve_(std::move(serve)), listener_(listen_on_loopback(port_)), thread_([this] { accept(); }) {}

LoopbackServer::~LoopbackServer() {
  ending_ = true;
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  wait_until([&] { return serving_ == 0; }, 30);
}

void LoopbackServer::accept() {
  while (!ending_) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    ++accepted_;
    ++serving_;
    std::thread([this, connection] {
      serve_(connection);
      close(connection);
      --serving_;
    }).detach();
  }
}

bool send_all(int connection, const char* data, std::size_t size) {
  for (std::size_t sent = 0; sent < size;) {
    const ssize_t count = send(connection, data + sent, size - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace support
