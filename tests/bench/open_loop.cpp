// bench-open-loop HOST PORT CONNECTIONS RATE SECONDS FILE: requests over TLS on kept connections at a constant rate,
// whether or not the server keeps up. Each latency counts from the moment the request was *due*, so that a stall is
// felt by all that had to wait for it (wrk, which waits for answers before it asks again, hides that). FILE has a line
// for each request, sent in turn: PATH, the Location that the answer must have (empty: whichever) and header fields,
// separated by tabs. Prints one line of JSON.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

struct Options {
  const char* host;
  const char* port;
  int connections;
  double rate;  // requests a second
  double seconds;
  const char* file;
};

struct Request {
  std::string text;
  std::string answer;  // what the head of its answer holds; empty: whatever
};

struct Tally {
  std::vector<double> latencies_ms;
  long wrong_status = 0;
  long wrong_location = 0;
  long broken = 0;  // connections lost, with the request that was on them
};

Request read_request(const std::string& line, const Options& options) {
  std::vector<std::string> fields;
  std::istringstream in(line + '\t');
  for (std::string field; std::getline(in, field, '\t');) fields.push_back(field);
  if (fields.size() < 2) throw std::runtime_error("a line without a tab in the request file");
  Request request{"GET " + fields[0] + " HTTP/1.1\r\nHost: " + options.host + ":" + options.port + "\r\n", ""};
  for (std::size_t i = 2; i < fields.size(); ++i) request.text += fields[i] + "\r\n";
  request.text += "\r\n";
  if (!fields[1].empty()) request.answer = "\r\nLocation: " + fields[1] + "\r\n";
  return request;
}

std::vector<Request> load_requests(const Options& options) {
  std::vector<Request> requests;
  std::ifstream in(options.file);
  for (std::string line; std::getline(in, line);) requests.push_back(read_request(line, options));
  if (requests.empty()) throw std::runtime_error("no requests in the file");
  return requests;
}

int connect_tcp(const Options& options) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(options.host, options.port, &hints, &found) != 0) throw std::runtime_error("unknown host");
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> guard(found, freeaddrinfo);
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0) throw std::runtime_error("cannot connect");
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// One kept TLS connection with at most one request on it; never blocks once TCP is there. Requests are small and go to
// the loopback, so a write is taken whole.
class Connection {
 public:
  Connection(SSL_CTX* context, const Options& options) : fd_(connect_tcp(options)), ssl_(SSL_new(context)) {
    fcntl(fd_, F_SETFL, O_NONBLOCK);
    SSL_set_fd(ssl_, fd_);
  }
  ~Connection() {
    SSL_free(ssl_);
    close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const { return fd_; }
  bool busy() const { return busy_; }
  bool ready() const { return ready_; }
  Time due() const { return due_; }

  // ready() once the handshake is over; false if it failed.
  bool shake_hands() {
    const int result = SSL_connect(ssl_);
    ready_ = result == 1;
    return ready_ || SSL_get_error(ssl_, result) == SSL_ERROR_WANT_READ;
  }

  // The request must stay where it is until its answer is whole.
  bool send(const Request& request, Time due) {
    due_ = due;
    busy_ = true;
    request_ = &request;
    answer_.clear();
    const auto size = static_cast<int>(request.text.size());
    return SSL_write(ssl_, request.text.data(), size) == size;
  }

  enum class Progress { waiting, whole, broken };

  Progress read() {
    char chunk[32768];
    int got = 0;
    while ((got = SSL_read(ssl_, chunk, sizeof chunk)) > 0) answer_.append(chunk, static_cast<std::size_t>(got));
    const bool open = SSL_get_error(ssl_, got) == SSL_ERROR_WANT_READ;
    if (busy_ && whole()) {  // also where the server closes behind its last answer
      busy_ = false;
      return Progress::whole;
    }
    return open ? Progress::waiting : Progress::broken;
  }

  int status() const { return answer_.size() > 12 ? std::atoi(answer_.c_str() + 9) : 0; }
  bool as_expected() const {
    if (request_->answer.empty()) return true;
    return status() == 302 && answer_.find(request_->answer) < answer_.find("\r\n\r\n");
  }
  bool last() const { return answer_.find("Connection: close\r\n") < answer_.find("\r\n\r\n"); }

 private:
  bool whole() const {
    const auto end = answer_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    if (status() == 304) return true;
    const auto length = answer_.find("Content-Length: ");
    if (length == std::string::npos || length > end) throw std::runtime_error("an answer without Content-Length");
    return answer_.size() >= end + 4 + std::strtoul(answer_.c_str() + length + 16, nullptr, 10);
  }

  int fd_;
  SSL* ssl_;
  bool ready_ = false;
  bool busy_ = false;
  Time due_{};
  const Request* request_ = nullptr;
  std::string answer_;
};

class OpenLoop {
 public:
  explicit OpenLoop(const Options& options)
      : options_(options),
        requests_(load_requests(options)),
        context_(SSL_CTX_new(TLS_client_method())),
        epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    for (int i = 0; i < options.connections; ++i) open();
  }
  ~OpenLoop() {
    connections_.clear();
    SSL_CTX_free(context_);
    close(epoll_);
  }
  OpenLoop(const OpenLoop&) = delete;
  OpenLoop& operator=(const OpenLoop&) = delete;

  Tally run() {
    while (idle_.size() < connections_.size()) wait_until(Clock::now() + std::chrono::seconds(1));
    const Time start = Clock::now();
    const auto step = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / options_.rate));
    const auto total = static_cast<long>(options_.rate * options_.seconds);
    const Time give_up = start + step * total + std::chrono::seconds(10);
    long issued = 0;
    while (tally_.latencies_ms.size() + static_cast<std::size_t>(tally_.broken) < static_cast<std::size_t>(total)) {
      const Time now = Clock::now();
      if (now > give_up) throw std::runtime_error("answers are missing 10 seconds after the last request");
      for (; issued < total && start + step * issued <= now; ++issued) waiting_.push_back(start + step * issued);
      dispatch();
      wait_until(issued < total ? start + step * issued : now + std::chrono::milliseconds(100));
    }
    return std::move(tally_);
  }

 private:
  void open() {
    auto connection = std::make_unique<Connection>(context_, options_);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = connection.get();
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connection->fd(), &event);
    if (!connection->shake_hands()) throw std::runtime_error("TLS handshake failed");
    if (connection->ready()) idle_.push_back(connection.get());  // the server was quicker than we were
    connections_.push_back(std::move(connection));
  }

  void dispatch() {
    while (!waiting_.empty() && !idle_.empty()) {
      Connection* connection = idle_.back();
      idle_.pop_back();
      const bool sent = connection->send(requests_[next_++ % requests_.size()], waiting_.front());
      waiting_.pop_front();
      if (!sent) replace(connection);
    }
  }

  void wait_until(Time moment) {
    const auto left = std::max(moment - Clock::now(), Clock::duration::zero());
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
    const timespec timeout{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
    epoll_event events[64];
    const int ready = epoll_pwait2(epoll_, events, 64, &timeout, nullptr);
    for (int i = 0; i < ready; ++i) receive(static_cast<Connection*>(events[i].data.ptr));
  }

  void receive(Connection* connection) {
    if (!connection->ready()) {
      if (!connection->shake_hands()) throw std::runtime_error("TLS handshake failed");
      if (connection->ready()) idle_.push_back(connection);
      return;
    }
    const auto progress = connection->read();
    if (progress == Connection::Progress::broken) replace(connection);
    if (progress == Connection::Progress::whole) finish(connection);
  }

  void finish(Connection* connection) {
    tally_.latencies_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - connection->due()).count());
    if (connection->status() >= 400) ++tally_.wrong_status;
    if (!connection->as_expected()) ++tally_.wrong_location;
    if (connection->last())
      replace(connection);
    else
      idle_.push_back(connection);
  }

  void replace(Connection* connection) {
    if (connection->busy()) ++tally_.broken;
    std::erase(idle_, connection);
    std::erase_if(connections_, [&](const auto& owned) { return owned.get() == connection; });
    open();
  }

  const Options& options_;
  std::vector<Request> requests_;
  SSL_CTX* context_;
  int epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> idle_;
  std::deque<Time> waiting_;  // due, and no connection free
  std::size_t next_ = 0;
  Tally tally_;
};

double percentile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

void print(Tally tally, double seconds) {
  std::sort(tally.latencies_ms.begin(), tally.latencies_ms.end());
  const auto& sorted = tally.latencies_ms;
  std::printf(
      "{\"requests\":%zu,\"seconds\":%.6f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,"
      "\"errors\":{\"broken\":%ld,\"status\":%ld,\"location\":%ld}}\n",
      sorted.size(), seconds, percentile(sorted, 0.50), percentile(sorted, 0.99), percentile(sorted, 1.0), tally.broken,
      tally.wrong_status, tally.wrong_location);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fputs("usage: bench-open-loop HOST PORT CONNECTIONS RATE SECONDS FILE\n", stderr);
    return 2;
  }
  prctl(PR_SET_TIMERSLACK, 1);  // nanoseconds: wake when a request is due, not up to 50 µs later
  const Options options{argv[1], argv[2], std::atoi(argv[3]), std::atof(argv[4]), std::atof(argv[5]), argv[6]};
  try {
    OpenLoop loop(options);
    print(loop.run(), options.seconds);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-open-loop: %s\n", error.what());
    return 1;
  }
}
