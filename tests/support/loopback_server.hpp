// A TCP server on loopback that does to each connection what a test says, each in a thread of its own.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace support {

class LoopbackServer {
 public:
  // `serve` is given the connected socket, which is closed behind it. It should end soon once ending() is true.
  explicit LoopbackServer(std::function<void(int connection)> serve);
  ~LoopbackServer();  // waits for the threads
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const { return port_; }
  int accepted() const { return accepted_; }  // connections so far
  bool ending() const { return ending_; }

 private:
  void accept();

  const std::function<void(int connection)> serve_;
  int port_ = 0;
  const int listener_;
  std::atomic<bool> ending_ = false;
  std::atomic<int> accepted_ = 0, serving_ = 0;
  std::thread thread_;
};

// All of it, or false: the other side is gone.
bool send_all(int connection, const char* data, std::size_t size);

}  // namespace support
