// Shops and networks as the monitor meets them: one web server on loopback that plays every host it is asked for, and
// remembers how it was asked.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "tests/support/loopback_server.hpp"

namespace support {

struct ShopRequest {
  std::string host;    // without the port
  std::string target;  // "/p/1?tag=x"
};

// How a host was asked so far.
struct ShopVisits {
  int requests = 0;
  int at_once = 0;                           // the most
  std::chrono::milliseconds shortest_gap{};  // between two that followed each other; 0 before there are two
};

class ShopServer {
 public:
  using Answer = std::function<std::string(const ShopRequest&)>;  // the whole HTTP answer

  // `answer` is called by many threads. The connection is closed behind it.
  explicit ShopServer(Answer answer);

  int port() const { return server_.port(); }
  std::string url(const std::string& host, const std::string& target) const;
  ShopVisits visits(const std::string& host) const;

  static std::string page(const std::string& title, const std::string& body);  // 200
  static std::string redirect(int status, const std::string& location);
  static std::string status(int status, const std::string& headers = "");

 private:
  void serve(int connection);
  void come(const std::string& host);
  void go(const std::string& host);

  const Answer answer_;
  mutable std::mutex mutex_;
  struct Counted {
    ShopVisits visits;
    int now = 0;
    std::chrono::steady_clock::time_point last{};
  };
  std::map<std::string, Counted> hosts_;
  LoopbackServer server_;  // at the end: its threads use the others
};

}  // namespace support
