// `quietleaks check` among enemies: nothing that is not public is connected to, and no server takes more than bounded
// time and memory.
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/integration/check_command.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/command.hpp"
#include "tests/support/loopback_server.hpp"

using integration::check;
using support::LoopbackServer;

namespace {

constexpr long kMostMemoryKib = 80 * 1024;

void read_request(int connection) {
  char buffer[4096];
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
    if (count <= 0) return;
    head.append(buffer, static_cast<std::size_t>(count));
  }
}

bool send_text(int connection, const std::string& text) {
  return support::send_all(connection, text.data(), text.size());
}

constexpr const char* kPage = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

std::string bomb() {
  return gzip(std::string(100 << 20, '\0'));
}

// What 1 GiB of spaces become with Brotli: 8 MiB, and then the same again as often as is wanted, and the end.
std::string brotli_bomb() {
  constexpr std::string_view kFirst("\xcb\xff\xff\x3f\x00\x24\x40\xe2\xb1\x40\x72\xef\xff\x0c", 14);
  constexpr std::string_view kAgain("\xfc\xff\xff\x03\x40\x02\x20\x0e\x0b\x40\xf7\xfe\xcf\x00", 14);
  std::string packed(kFirst);
  for (int eight_mebibytes = 1; eight_mebibytes < 128; ++eight_mebibytes) packed += kAgain;
  return packed + '\x03';
}

struct Enemy {
  std::string name;
  std::function<void(int, const LoopbackServer*)> serve;
  std::string verdict;  // empty: whatever it is
};

void endlessly(int connection, const LoopbackServer* server, const std::string& text, int pause_ms) {
  while (!server->ending() && send_text(connection, text))
    if (pause_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
}

std::vector<Enemy> enemies() {
  const auto begin = [](int connection, const std::string& text) {
    read_request(connection);
    send_text(connection, text);
  };
  const std::string big(1 << 16, 'x');
  return {
      {"an endless body", [=](int c, auto* s) { begin(c, std::string(kPage) + "\r\n"), endlessly(c, s, big, 0); },
       "healthy"},
      {"a drip", [=](int c, auto* s) { begin(c, std::string(kPage) + "\r\n"), endlessly(c, s, "x", 100); },
       "broken unreachable"},
      {"a dripping header", [=](int c, auto* s) { begin(c, kPage), endlessly(c, s, "X-A: b\r\n", 100); },
       "broken unreachable"},
      {"an endless header", [=](int c, auto* s) { begin(c, std::string(kPage) + "X: "), endlessly(c, s, big, 0); },
       "broken unreachable"},
      {"headers without end", [=](int c, auto* s) { begin(c, kPage), endlessly(c, s, "X-Some: thing\r\n", 0); },
       "broken unreachable"},
      {"cookies without end",
       [=](int c, auto* s) { begin(c, kPage), endlessly(c, s, "Set-Cookie: a=" + std::string(2000, 'b') + "\r\n", 0); },
       "broken unreachable"},
      {"interim answers without end",
       [=](int c, auto* s) { begin(c, ""), endlessly(c, s, "HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n", 0); },
       "broken unreachable"},
      {"silence", [=](int c, auto* s) { begin(c, ""), endlessly(c, s, "", 100); }, "broken unreachable"},
      {"a bomb",
       [=, packed = bomb()](int c, auto*) {
         begin(c, std::string(kPage) + "Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + packed);
       },
       "inconclusive"},
      {"a bomb in a bomb",
       [=, packed = gzip(bomb())](int c, auto*) {
         begin(c, std::string(kPage) + "Content-Encoding: gzip, gzip\r\nConnection: close\r\n\r\n" + packed);
       },
       "inconclusive"},
      {"a bomb of 1.8 KB for 1 GiB",
       [=, packed = brotli_bomb()](int c, auto*) {
         begin(c, std::string(kPage) + "Content-Encoding: br\r\nConnection: close\r\n\r\n" + packed);
       },
       "inconclusive"},
      {"no HTTP", [=](int c, auto*) { begin(c, "<html><body>Hello</body></html>"); }, "broken unreachable"},
      {"nothing", [=](int c, auto*) { begin(c, ""); }, "broken unreachable"},
      {"bytes of all kinds", [=](int c, auto*) { begin(c, std::string("\0\xff\x80HTTP\r\n\r\n", 11)); },
       "broken unreachable"},
      {"chunks that are none",
       [=](int c, auto*) { begin(c, std::string(kPage) + "Transfer-Encoding: chunked\r\n\r\nzzzz\r\n"); }, ""},
      {"a body cut short",
       [=](int c, auto*) { begin(c, std::string(kPage) + "Content-Length: 1000\r\n\r\n<html><body><h1>Lamp</h1>"); },
       "healthy"},
      {"a page of nothing but tags",
       [=](int c, auto*) {
         std::string tags;
         for (int i = 0; i < 300'000; ++i) tags += "<b>";
         begin(c, std::string(kPage) + "Connection: close\r\n\r\n" + tags);
       },
       ""},
      {"a redirect of 60 KiB",
       [=](int c, auto*) {
         begin(c, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /" + std::string(60000, 'a') + "\r\n\r\n");
       },
       ""},
      {"a reset",
       [=](int c, auto*) {
         begin(c, kPage);
         const linger hard{1, 0};
         setsockopt(c, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
       },
       "broken unreachable"},
  };
}

// A name server that answers a name with the next of a list of addresses each time it is asked for one.
class NameServer {
 public:
  NameServer() : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(53);
    inet_pton(AF_INET, kAddress, &address.sin_addr);
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
      thread_ = std::thread([this] { serve(); });
  }
  ~NameServer() {
    shutdown(socket_, SHUT_RDWR);
    over_ = true;
    if (thread_.joinable()) thread_.join();
    close(socket_);
  }

  static constexpr const char* kAddress = "127.77.53.53";

  bool works() const { return thread_.joinable(); }
  int asked() const { return asked_; }
  void answer(std::vector<std::vector<std::string>> in_turn) {  // the addresses of each answer
    const std::lock_guard lock(mutex_);
    answers_ = std::move(in_turn);
    asked_ = 0;
  }

 private:
  void serve() {
    const timeval patience{0, 50'000};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    while (!over_) {
      unsigned char query[512];
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const ssize_t count = recvfrom(socket_, query, sizeof query, 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (count < 17) continue;
      const std::string reply = reply_to({reinterpret_cast<char*>(query), static_cast<std::size_t>(count)});
      sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }

  // RFC 1035: the header, the question as it came, and an answer for each address, whose name is that of the question.
  std::string reply_to(const std::string& query) {
    const auto end = query.find('\0', 12) + 5;
    const bool v6 = query[end - 3] == 28;
    std::string records;
    char number = 0;
    for (const auto& address : next(query.find("always") == std::string::npos && !v6, query)) {
      unsigned char bytes[16];
      const bool is_v6 = inet_pton(AF_INET6, address.c_str(), bytes) == 1;
      if (!is_v6 && inet_pton(AF_INET, address.c_str(), bytes) != 1) continue;
      if (is_v6 != v6) continue;
      records += std::string("\xc0\x0c\x00", 3) + (v6 ? '\x1c' : '\x01') + std::string("\0\1\0\0\0\0\0", 7) +
                 (v6 ? '\x10' : '\x04');
      records.append(reinterpret_cast<char*>(bytes), v6 ? 16 : 4);
      ++number;
    }
    std::string reply = query.substr(0, 2) + std::string("\x81\x80\0\1\0", 5) + number + std::string("\0\0\0\0", 4) +
                        query.substr(12, end - 12);
    return reply + records;
  }

  std::vector<std::string> next(bool counts, const std::string& query) {
    const std::lock_guard lock(mutex_);
    if (query.find("root-servers") != std::string::npos) return {"198.41.0.4"};
    const auto& now = answers_.at(std::min(static_cast<std::size_t>(asked_), answers_.size() - 1));
    if (counts) ++asked_;
    return now;
  }

  const int socket_;
  std::atomic<bool> over_ = false;
  std::atomic<int> asked_ = 0;
  std::mutex mutex_;
  std::vector<std::vector<std::string>> answers_{{}};
  std::thread thread_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_check_hostile)

BOOST_AUTO_TEST_CASE(no_server_takes_more_than_its_time_and_memory) {
  long most = 0;
  for (const auto& enemy : enemies()) BOOST_TEST_CONTEXT(enemy.name) {
      const LoopbackServer* itself = nullptr;
      const LoopbackServer server([&](int connection) { enemy.serve(connection, itself); });
      itself = &server;
      const auto checked =
          check({"--timeout", "1", "http://127.0.0.1:" + std::to_string(server.port()) + "/product/1"});
      BOOST_TEST(checked.seconds < 3);
      BOOST_TEST(checked.outcome.peak_kib < kMostMemoryKib);
      BOOST_TEST((checked.outcome.exit_code >= 0 && checked.outcome.exit_code <= 3));
      if (!enemy.verdict.empty()) BOOST_TEST(checked.verdict() == enemy.verdict, checked.outcome.out);
      most = std::max(most, checked.outcome.peak_kib);
    }
  BOOST_TEST_MESSAGE("  check: " << enemies().size() << " hostile servers, at most " << most / 1024 << " MiB");
}

BOOST_AUTO_TEST_CASE(redirects_end) {
  std::atomic<int> asked = 0;
  const auto redirecting = [&](const std::function<std::string(int)>& location, bool by_page) {
    asked = 0;
    const LoopbackServer server([&](int connection) {
      read_request(connection);
      const std::string to = location(++asked);
      send_text(
          connection,
          by_page ? std::string(kPage) + "Connection: close\r\n\r\n<meta http-equiv=refresh content='0;url=" + to + "'>"
                  : "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: " + to + "\r\n\r\n");
    });
    return check({"http://127.0.0.1:" + std::to_string(server.port()) + "/start"});
  };
  BOOST_TEST(redirecting([](int) { return "/start"; }, false).verdict() == "broken redirect_loop");
  BOOST_TEST(asked == 1);
  BOOST_TEST(redirecting([](int n) { return n % 2 ? "/other" : "/start"; }, false).verdict() == "broken redirect_loop");
  BOOST_TEST(asked == 2);
  const auto growing =
      redirecting([](int n) { return "/start" + std::string(static_cast<std::size_t>(n), 'a'); }, false);
  BOOST_TEST(growing.verdict() == "broken redirect_loop");
  BOOST_TEST(asked == 11);
  BOOST_TEST(growing.at("hops.10.http_status") == "302");
  BOOST_TEST(redirecting([](int n) { return "/next" + std::to_string(n); }, true).verdict() == "broken redirect_loop");
  BOOST_TEST(asked == 11);
}

BOOST_AUTO_TEST_CASE(a_handshake_without_end_ends) {
  const LoopbackServer* itself = nullptr;
  const LoopbackServer server([&](int connection) { endlessly(connection, itself, "", 50); });
  itself = &server;
  const auto checked = check({"--timeout", "1", "https://127.0.0.1:" + std::to_string(server.port()) + "/"});
  BOOST_TEST(checked.verdict() == "broken unreachable", checked.outcome.out);
  BOOST_TEST(checked.seconds < 3);
}

// Every spelling of what is not public, asked for and redirected to, while somebody listens.
BOOST_AUTO_TEST_CASE(nothing_that_is_not_public_is_connected_to) {
  const LoopbackServer target([](int connection) { read_request(connection); });
  const std::string port = ":" + std::to_string(target.port());
  const std::vector<std::string> hosts = {"127.0.0.1",
                                          "127.1",
                                          "127.0.1",
                                          "2130706433",
                                          "0x7f000001",
                                          "0x7f.1",
                                          "0177.0.0.1",
                                          "017700000001",
                                          "0",
                                          "0.0.0.0",
                                          "127.255.255.254",
                                          "10.0.0.1",
                                          "172.16.0.1",
                                          "192.168.0.1",
                                          "169.254.169.254",
                                          "100.64.0.1",
                                          "192.0.0.1",
                                          "198.18.0.1",
                                          "224.0.0.1",
                                          "255.255.255.255",
                                          "168.63.129.16",
                                          "[::1]",
                                          "[::]",
                                          "[::ffff:127.0.0.1]",
                                          "[::ffff:7f00:1]",
                                          "[::127.0.0.1]",
                                          "[64:ff9b::7f00:1]",
                                          "[2002:7f00:1::]",
                                          "[2001::7f00:1]",
                                          "[fe80::1]",
                                          "[fc00::1]",
                                          "[fd00::1]",
                                          "[ff02::1]",
                                          "localhost",
                                          "LOCALHOST",
                                          "localhost.",
                                          "127.0.0.1.",
                                          "six.example"};
  const std::string six = "six.example" + port + ":::1";
  int redirected = 0;
  std::string location;
  const LoopbackServer redirector([&](int connection) {
    read_request(connection);
    ++redirected;
    send_text(connection,
              "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: " + location + "\r\n\r\n");
  });
  const std::string from = "http://127.0.0.77:" + std::to_string(redirector.port()) + "/";
  for (const auto& host : hosts) BOOST_TEST_CONTEXT(host) {
      location = "http://" + host + port + "/";
      const auto asked = check({"--timeout", "5", "--resolve", six, location}, false);
      BOOST_TEST((asked.at("outcome") == "refused" || asked.at("failure_mode") == "unreachable"), asked.outcome.out);
      const auto led = check({"--timeout", "5", "--resolve", six, "--resolve",
                              "a.example:" + std::to_string(redirector.port()) + ":127.0.0.1", "--allow-address",
                              "127.0.0.1/32", "http://a.example:" + std::to_string(redirector.port()) + "/"},
                             false);
      // 127.0.0.1 itself is allowed there, whatever its spelling.
      if (led.at("outcome") != "refused" && led.at("failure_mode") != "unreachable")
        BOOST_TEST(led.at("hops.1.url").find("127.0.0.1") != std::string::npos);
    }
  BOOST_TEST(redirected == static_cast<int>(hosts.size()));
  for (const std::string scheme : {"ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:25/x",
                                   "data:text/html,hello", "javascript:alert(1)", "itms-apps://itunes.apple.com/app/1",
                                   "http://user:secret@", "http://[::1", "http:///"}) {
    location = scheme;
    const auto led = check(
        {"--allow-address", "127.0.0.1/32", "http://127.0.0.1:" + std::to_string(redirector.port()) + "/"}, false);
    BOOST_TEST(led.outcome.exit_code != 0, scheme << led.outcome.out);
    BOOST_TEST(led.at("hops.1") == "", scheme << led.outcome.out);
  }
  BOOST_TEST_MESSAGE("  check: " << hosts.size() << " spellings of what is not public, asked for and redirected to");
}

BOOST_AUTO_TEST_CASE(of_several_addresses_only_those_that_may_are_tried) {
  const LoopbackServer server([](int connection) {
    read_request(connection);
    send_text(connection, std::string(kPage) + "Connection: close\r\n\r\n<h1>Lamp</h1>");
  });
  const std::string port = std::to_string(server.port());
  const std::string url = "http://many.example:" + port + "/";
  const auto all = check({"--resolve", "many.example:" + port + ":10.0.0.1,127.0.0.1,[::1]", url}, false);
  BOOST_TEST(all.at("outcome") == "refused");
  BOOST_TEST(server.accepted() == 0);
  const auto one =
      check({"--timeout", "5", "--resolve", "many.example:" + port + ":10.0.0.1,169.254.169.254,127.0.0.1", url});
  BOOST_TEST(one.verdict() == "healthy");
  BOOST_TEST(server.accepted() == 1);
  for (const std::string other : {"22", "25", "8080", "6379"})
    BOOST_TEST(
        check({"--resolve", "many.example:" + other + ":93.184.216.34", "http://many.example:" + other + "/"}, false)
            .at("outcome") == "refused");
}

// The name is resolved in a mount namespace of its own, whose resolv.conf leads to a hostile name server.
BOOST_AUTO_TEST_CASE(a_hostile_resolver_gets_no_connection_through) {
  NameServer resolver;
  const LoopbackServer target([](int connection) {
    read_request(connection);
    send_text(connection, std::string(kPage) + "Connection: close\r\n\r\n<h1>Inside</h1>");
  });
  if (geteuid() != 0 || !resolver.works()) {
    BOOST_TEST_MESSAGE("  check: no hostile resolver was tried, it takes root and a free port 53");
    return;
  }
  char configuration[] = "/tmp/quietleaks-resolv-XXXXXX";
  const int file = mkstemp(configuration);
  const std::string line = std::string("nameserver ") + NameServer::kAddress + "\noptions timeout:1 attempts:1\n";
  BOOST_REQUIRE(write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  fchmod(file, 0644);
  close(file);
  const std::string program = (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "quietleaks").string();
  const auto ask = [&](std::vector<std::vector<std::string>> answers) {
    resolver.answer(std::move(answers));
    const std::string command =
        std::string("mount --bind ") + configuration + " /etc/resolv.conf && exec " + program +
        " check --json --timeout 3 http://rebind.hostile-name.com:" + std::to_string(target.port()) + "/";
    return support::run_command({"unshare", "-m", "sh", "-c", command});
  };
  const std::vector<std::vector<std::vector<std::string>>> lies = {
      {{"127.0.0.1"}},
      {{"10.0.0.1", "127.0.0.1"}},
      {{"0.0.0.0"}},
      {{"::1"}},
      {{"::ffff:127.0.0.1"}},
      {{"169.254.169.254"}},
      {{"198.51.100.7"}, {"127.0.0.1"}},  // another answer to each question
      {{"93.184.216.34", "127.0.0.1"}},   // one that may be, and one that may not
      {{"93.184.216.34"}, {"127.0.0.1"}, {"127.0.0.1"}}};
  for (const auto& answers : lies) {
    const auto outcome = ask(answers);
    BOOST_TEST((outcome.exit_code == 3 || outcome.exit_code == 1), outcome.output);
    BOOST_TEST(resolver.asked() >= 1, outcome.output);
  }
  BOOST_TEST(target.accepted() == 0);
  std::filesystem::remove(configuration);
  BOOST_TEST_MESSAGE("  check: " << lies.size() << " lies of a name server, no connection");
}

BOOST_AUTO_TEST_SUITE_END()
