// bench-slow-pages PORT DELAY_MS: shops on 127.0.0.1 to 127.0.0.250 that answer each request after that time, thousands
// of kept connections at once, in one thread. /links/N is a page with N links, to each shop in turn, /products/… the
// page of a product; anything else is not there. Tells linkchecker by a header that it may come as fast as it can.
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kProduct =
    R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Desk lamp, brass | Lamps</title>
<link rel="canonical" href="/products/desk-lamp"><meta property="og:type" content="product">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Desk lamp, brass",
"offers":{"@type":"Offer","price":"49.00","priceCurrency":"EUR","availability":"https://schema.org/InStock"}}</script>
</head><body><header><nav><ul><li><a href="#a">Lamps</a></li><li><a href="#b">Chairs</a></li></ul></nav></header>
<main><h1>Desk lamp, brass</h1><p class="price">49.00</p>
<p>A lamp for a desk, of brass, with a switch in its foot and two metres of cable. It takes bulbs of every kind up to
sixty watts, turns by half a circle, and weighs enough to stand where it was put.</p>
<ul><li>Height: 42 cm</li><li>Weight: 2.1 kg</li><li>Colour: brass</li></ul>
<form><label>Quantity <input name="quantity" value="1"></label><button type="submit">Add to cart</button></form></main>
<footer><p>Free returns within 30 days.</p></footer></body></html>
)";

std::string answer(const char* status, const std::string& body, bool head) {
  return std::string("HTTP/1.1 ") + status +
         "\r\nContent-Type: text/html; charset=utf-8\r\nLinkChecker: welcome\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + (head ? "" : body);
}

// Real lists are of many hosts, and the monitor has two requests at most under way to one.
constexpr std::uint32_t kHosts = 250;

std::string page_of_links(long count, int port) {
  std::string page = "<!doctype html><html><head><title>Links</title></head><body>\n";
  for (long i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    page += "<a href=\"http://127.0.0." + std::to_string(i % kHosts + 1) + ':' + std::to_string(port) +
            "/products/lamp-" + number + ".html\">" + number + "</a>\n";
  }
  return page + "</body></html>\n";
}

std::string answer_to(std::string_view request, int port) {
  const bool head = request.starts_with("HEAD ");
  const std::size_t space = std::min(request.find(' '), request.size());
  const std::string target(
      request.substr(std::min(space + 1, request.size()), request.find(' ', space + 1) - space - 1));
  if (target.starts_with("/products/")) return answer("200 OK", kProduct, head);
  if (target.starts_with("/links/")) return answer("200 OK", page_of_links(std::atol(target.c_str() + 7), port), head);
  return answer("404 Not Found", "", head);
}

int listen_at(std::uint32_t host, int port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener, 4096) != 0)
    throw std::runtime_error("cannot listen");
  return listener;
}

struct Connection {
  std::string in;
  std::string out;  // what did not fit into the socket
};

class Server {
 public:
  Server(int port, int delay_ms) : port_(port), delay_(delay_ms) {
    for (std::uint32_t host = 0; host < kHosts; ++host) {
      const int listener = listen_at(host, port);
      listeners_.insert(listener);
      watch(listener, EPOLLIN, true);
    }
  }

  void run() {
    for (;;) {
      std::array<epoll_event, 512> events;
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms());
      for (int i = 0; i < count; ++i) serve(events.at(static_cast<std::size_t>(i)));
      while (!due_.empty() && due_.front().at <= Clock::now()) {
        send_to(due_.front().socket, due_.front().answer);
        due_.pop_front();
      }
    }
  }

 private:
  // The delay is the same for all, so they are due in the order in which they came.
  struct Due {
    Clock::time_point at;
    int socket;
    std::string answer;
  };

  void watch(int socket, std::uint32_t what, bool added) {
    epoll_event event{.events = what, .data = {.fd = socket}};
    epoll_ctl(epoll_, added ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
  }

  int wait_ms() const {
    if (due_.empty()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due_.front().at - Clock::now());
    return std::max(0, static_cast<int>(left.count()));
  }

  void serve(const epoll_event& event) {
    const int socket = event.data.fd;
    if (listeners_.contains(socket)) return accept_all(socket);
    if ((event.events & EPOLLOUT) != 0) return send_to(socket, "");
    char buffer[16384];
    const ssize_t count = recv(socket, buffer, sizeof buffer, 0);
    if (count <= 0) return end(socket);
    std::string& in = connections_[socket].in;
    in.append(buffer, static_cast<std::size_t>(count));
    for (std::size_t end = 0; (end = in.find("\r\n\r\n")) != std::string::npos; in.erase(0, end + 4))
      due_.push_back({Clock::now() + delay_, socket, answer_to(std::string_view(in).substr(0, end), port_)});
  }

  void accept_all(int listener) {
    for (int socket = -1; (socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0;) {
      const int on = 1;
      setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      connections_[socket];
      watch(socket, EPOLLIN, true);
    }
  }

  void send_to(int socket, const std::string& text) {
    const auto at = connections_.find(socket);
    if (at == connections_.end()) return;
    std::string& out = at->second.out;
    out += text;
    const ssize_t sent = send(socket, out.data(), out.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return end(socket);
    const bool waited = out.size() > text.size() || text.empty();
    out.erase(0, static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
    if (!out.empty() || waited) watch(socket, out.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT, false);
  }

  void end(int socket) {
    std::erase_if(due_, [&](const Due& due) { return due.socket == socket; });  // its number may come again
    connections_.erase(socket);
    close(socket);
  }

  const int port_;
  const std::chrono::milliseconds delay_;
  const int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::unordered_set<int> listeners_;
  std::deque<Due> due_;
  std::unordered_map<int, Connection> connections_;
};

void allow_many_connections() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("usage: bench-slow-pages PORT DELAY_MS");
  allow_many_connections();
  Server(std::atoi(argv[1]), std::atoi(argv[2])).run();
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-slow-pages: %s\n", error.what());
  return 1;
}
