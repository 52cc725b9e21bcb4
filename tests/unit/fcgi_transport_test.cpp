// The transport against raw FastCGI records on a socket pair: whole, split, cut off, lying and broken ones.
#include "app/server/fcgi_transport.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <random>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

#include "app/base/clock.hpp"
#include "app/base/text.hpp"
#include "app/http/problem.hpp"
#include "tests/support/boost_test.hpp"

namespace {

constexpr std::uint64_t kMaxBody = 1000;

int signs_of_life = 0;

server::FcgiTransport::Host host(http::BodyRule rule = {.max_bytes = kMaxBody}) {
  return {.body_rule = [rule](const http::Request&) { return rule; }, .progress = [] { ++signs_of_life; }};
}

enum Type : unsigned char { kBegin = 1, kAbort = 2, kParams = 4, kStdin = 5 };  // FastCGI specification, section 8

std::string record(Type type, const std::string& content) {
  std::string bytes{1, static_cast<char>(type), 0, 1};
  bytes.push_back(static_cast<char>(content.size() >> 8));
  bytes.push_back(static_cast<char>(content.size() & 255));
  return bytes.append(2, '\0').append(content);
}

std::string begin(bool keep) {
  return record(kBegin, std::string{0, 1, keep ? '\1' : '\0', 0, 0, 0, 0, 0});
}

std::string pair(const std::string& name, const std::string& value) {
  std::string bytes{static_cast<char>(name.size()), static_cast<char>(value.size())};
  return bytes + name + value;
}

std::string parameters(const std::string& method, const std::string& extra = {}) {
  return record(kParams, pair("REQUEST_METHOD", method) + pair("REQUEST_URI", "/a?b") +
                             pair("REQUEST_ID", "request-1") + extra) +
         record(kParams, {});
}

std::string get(bool keep) {
  return begin(keep) + parameters("GET") + record(kStdin, {});
}

std::string post(const std::string& announced, const std::string& body) {
  return begin(true) + parameters("POST", pair("CONTENT_LENGTH", announced)) +
         (body.empty() ? "" : record(kStdin, body)) + record(kStdin, {});
}

struct Connection {
  Connection() {
    std::array<int, 2> ends{};
    BOOST_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    nginx = ends[0];
    worker = ends[1];
  }
  ~Connection() { close(nginx); }

  void write(const std::string& bytes) const {
    BOOST_REQUIRE(::send(nginx, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
  }
  void finish_writing() const { shutdown(nginx, SHUT_WR); }
  std::string read() const {
    std::string bytes(65536, '\0');
    const ssize_t count = recv(nginx, bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }
  bool closed_by_worker() const {
    char byte = 0;
    const ssize_t count = recv(nginx, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return count == 0 || (count < 0 && errno == ECONNRESET);  // the latter if it left something unread
  }

  int nginx = -1;
  int worker = -1;
};

http::Response response(const std::string& body, int status = 200) {
  return {.status = status, .headers = {{"Content-Type", "text/plain"}}, .body = body};
}

int refused_with(server::FcgiTransport& transport, const Connection& connection) {
  http::Request request;
  try {
    transport.receive(connection.worker, request);
  } catch (const http::Problem& problem) {
    BOOST_TEST(request.id == "request-1");
    BOOST_TEST(transport.send(request, response("no", problem.status()), true));
    BOOST_TEST(connection.read().find("Status: " + std::to_string(problem.status())) != std::string::npos);
    return problem.status();
  }
  return 0;
}

BOOST_AUTO_TEST_SUITE(fcgi_transport)

BOOST_AUTO_TEST_CASE(a_kept_connection_serves_one_request_after_the_other) {
  server::FcgiTransport transport(host());
  const Connection connection;
  for (int i = 0; i < 3; ++i) {
    connection.write(get(true));
    http::Request request;
    BOOST_REQUIRE(transport.receive(connection.worker, request));
    BOOST_TEST(request.method == "GET");
    BOOST_TEST(request.path == "/a");
    BOOST_TEST(request.query == "b");
    BOOST_TEST(transport.send(request, response("hello"), true));
    const std::string answer = connection.read();
    BOOST_TEST(answer.find("Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello") !=
               std::string::npos);
  }
  BOOST_TEST(!connection.closed_by_worker());
  close(connection.worker);
}

BOOST_AUTO_TEST_CASE(it_closes_when_either_side_does_not_keep) {
  for (const auto& [asked, may] : {std::pair(false, true), std::pair(true, false)}) {
    server::FcgiTransport transport(host());
    const Connection connection;
    connection.write(get(asked));
    http::Request request;
    BOOST_REQUIRE(transport.receive(connection.worker, request));
    BOOST_TEST(!transport.send(request, response("x"), may));
    BOOST_TEST(!connection.read().empty());
    BOOST_TEST(connection.closed_by_worker());
  }
}

BOOST_AUTO_TEST_CASE(bodies_are_left_out_where_http_has_none) {
  for (const auto& [method, status] : {std::pair("HEAD", 200), std::pair("GET", 204), std::pair("GET", 304)}) {
    server::FcgiTransport transport(host());
    const Connection connection;
    connection.write(begin(true) + parameters(method) + record(kStdin, {}));
    http::Request request;
    BOOST_REQUIRE(transport.receive(connection.worker, request));
    BOOST_TEST(transport.send(request, response("body", status), true));
    const std::string answer = connection.read();
    BOOST_TEST(answer.find("\r\n\r\nbody") == std::string::npos);
    BOOST_TEST((answer.find("Content-Length: 4\r\n") != std::string::npos) == (status == 200));
    close(connection.worker);
  }
}

BOOST_AUTO_TEST_CASE(a_header_cannot_be_injected) {
  server::FcgiTransport transport(host());
  const Connection connection;
  connection.write(get(true));
  http::Request request;
  BOOST_REQUIRE(transport.receive(connection.worker, request));
  http::Response evil = response("x");
  evil.headers.emplace_back("X-One", "1\r\nX-Two: 2");
  evil.headers.emplace_back("X-Three\n", "3");
  BOOST_TEST(transport.send(request, evil, true));
  BOOST_TEST(connection.read().find("X-T") == std::string::npos);
  close(connection.worker);
}

BOOST_AUTO_TEST_CASE(bodies_are_read_whole_and_bounded) {
  server::FcgiTransport transport(host());
  const Connection connection;
  connection.write(post("10", "0123456789"));
  http::Request request;
  BOOST_REQUIRE(transport.receive(connection.worker, request));
  BOOST_TEST(request.body == "0123456789");
  BOOST_TEST(transport.send(request, response("x"), true));
  connection.read();
  // Too long ones are not held; whoever handles them sees how long they are.
  for (const auto& [announced, body] :
       {std::pair("1001", std::string(1001, 'x')), std::pair("99999999999", std::string("x"))}) {
    connection.write(post(announced, body));
    http::Request large;
    BOOST_REQUIRE(transport.receive(connection.worker, large));
    BOOST_TEST(large.body.empty());
    BOOST_TEST(std::to_string(large.body_bytes) == announced);
    BOOST_TEST(transport.send(large, response("x"), true));
    connection.read();
  }
  // Each of these is answered, and the connection is as good as new after it.
  connection.write(post("10", "01234"));
  BOOST_TEST(refused_with(transport, connection) == 400);
  for (const std::string odd : {"-1", "ten", "1e3"}) {
    connection.write(post(odd, "x"));
    BOOST_TEST(refused_with(transport, connection) == 400);
  }
  connection.write(get(true));
  http::Request last;
  BOOST_REQUIRE(transport.receive(connection.worker, last));
  BOOST_TEST(last.body.empty());
  BOOST_TEST(transport.send(last, response("x"), true));
  close(connection.worker);
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_request_closes_the_connection) {
  server::FcgiTransport transport(host());
  const std::string whole = get(true);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Connection connection;
    connection.write(whole.substr(0, length));
    connection.finish_writing();
    http::Request request;
    BOOST_TEST(!transport.receive(connection.worker, request), "cut at " << length);
    connection.read();
    BOOST_TEST(connection.closed_by_worker(), "cut at " << length);
  }
}

BOOST_AUTO_TEST_CASE(a_part_of_a_head_does_not_hold_the_worker) {
  server::FcgiTransport transport(host());
  const Connection connection;
  connection.write(begin(true));  // and stays there
  http::Request request;
  const base::Micros start = base::monotonic_micros();
  BOOST_TEST(!transport.receive(connection.worker, request));
  BOOST_TEST(base::monotonic_micros() - start < 1'000'000);
  BOOST_TEST(connection.closed_by_worker());
}

BOOST_AUTO_TEST_CASE(broken_bytes_never_harm_the_worker) {
  server::FcgiTransport transport(host());
  std::mt19937 random(20260427);  // the same every time
  const std::string whole = post("10", "0123456789");
  int served = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = whole;
    for (int flips = 1 + static_cast<int>(random() % 4); flips > 0; --flips)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    const Connection connection;
    connection.write(bytes);
    connection.finish_writing();
    http::Request request;
    bool open = false;
    try {
      open = transport.receive(connection.worker, request) && transport.send(request, response("x"), true);
    } catch (const http::Problem& problem) {
      open = transport.send(request, response("x", problem.status()), true);
    }
    if (open) close(connection.worker);
    served += open ? 1 : 0;
  }
  BOOST_TEST_MESSAGE(served << " of 20000 damaged requests could still be answered");
  const Connection connection;
  connection.write(get(false));
  http::Request request;
  BOOST_TEST(transport.receive(connection.worker, request));
  BOOST_TEST(!transport.send(request, response("x"), true));
}

// --- streams ------------------------------------------------------------------------------------------------------

const http::BodyRule kStreamed{.max_bytes = 1 << 20, .streamed = true};

std::string many_records(const std::string& body) {
  std::string bytes;
  for (std::size_t at = 0; at < body.size(); at += 5000) bytes += record(kStdin, body.substr(at, 5000));
  return bytes;
}

std::string streamed_post(std::size_t announced, const std::string& body) {
  return begin(true) + parameters("POST", pair("CONTENT_LENGTH", std::to_string(announced))) + many_records(body);
}

std::string read_all(const http::Request& request) {
  std::string all;
  std::array<char, 65536> piece;
  while (const std::size_t got = request.read_body(piece.data(), piece.size())) all.append(piece.data(), got);
  return all;
}

BOOST_AUTO_TEST_CASE(a_streamed_body_is_read_piece_by_piece) {
  server::FcgiTransport transport(host(kStreamed));
  const Connection connection;
  std::string body;
  for (int i = 0; body.size() < 100'000; ++i) body += std::to_string(i);
  connection.write(streamed_post(body.size(), body) + record(kStdin, {}));
  http::Request request;
  BOOST_REQUIRE(transport.receive(connection.worker, request));
  BOOST_TEST(request.body.empty());
  BOOST_TEST(request.body_bytes == body.size());
  BOOST_REQUIRE(request.read_body);
  signs_of_life = 0;
  BOOST_TEST(read_all(request) == body);
  BOOST_TEST(signs_of_life >= 6);  // so that the master does not take a long request for a stuck one
  BOOST_TEST(transport.send(request, response("read"), true));
  BOOST_TEST(connection.read().find("read") != std::string::npos);
  connection.write(get(true));  // and the connection is good for more
  http::Request next;
  BOOST_TEST(transport.receive(connection.worker, next));
  BOOST_TEST(!next.read_body);
  BOOST_TEST(transport.send(next, response("x"), true));
  close(connection.worker);
}

BOOST_AUTO_TEST_CASE(a_streamed_body_that_nobody_reads_to_its_end_is_drained) {
  server::FcgiTransport transport(host(kStreamed));
  const Connection connection;
  for (const auto& bytes : {streamed_post(100'000, std::string(100'000, 'x')) + record(kStdin, {}), get(true)}) {
    connection.write(bytes);
    http::Request request;
    BOOST_REQUIRE(transport.receive(connection.worker, request));
    std::array<char, 10> some;
    if (request.read_body) BOOST_TEST(request.read_body(some.data(), some.size()) == some.size());
    BOOST_TEST(transport.send(request, response("x"), true));
  }
  close(connection.worker);
}

BOOST_AUTO_TEST_CASE(a_streamed_body_that_breaks_off_is_never_taken_for_whole) {
  for (const bool ended : {true, false}) {
    server::FcgiTransport transport(host(kStreamed));
    const Connection connection;
    connection.write(streamed_post(50'001, std::string(50'000, 'x')) + (ended ? record(kStdin, {}) : ""));
    connection.finish_writing();
    http::Request request;
    BOOST_REQUIRE(transport.receive(connection.worker, request));
    BOOST_CHECK_EXCEPTION(read_all(request), http::Problem, [](const http::Problem& p) { return p.status() == 400; });
    const bool open = transport.send(request, response("no", 400), true);
    BOOST_TEST(open == ended);  // without its end, the connection is of no use any more
    if (open) close(connection.worker);
  }
}

BOOST_AUTO_TEST_CASE(of_a_streamed_body_whose_client_is_gone_no_more_is_read) {
  server::FcgiTransport transport(host(kStreamed));
  auto connection = std::make_unique<Connection>();
  connection->write(streamed_post(60'000, std::string(60'000, 'x')) + record(kStdin, {}));
  http::Request request;
  const int worker = connection->worker;
  BOOST_REQUIRE(transport.receive(worker, request));
  std::array<char, 10> some;
  BOOST_TEST(request.read_body(some.data(), some.size()) == some.size());
  connection.reset();
  BOOST_CHECK_EXCEPTION(request.read_body(some.data(), some.size()), http::Problem,
                        [](const http::Problem& p) { return p.status() == 400; });
  BOOST_TEST(!transport.send(request, response("no", 400), true));
}

BOOST_AUTO_TEST_CASE(a_streamed_body_may_be_too_large_or_missing) {
  server::FcgiTransport transport(host(kStreamed));
  const Connection connection;
  for (const auto& [bytes, is_read] : {std::pair(streamed_post((1 << 20) + 1, "x") + record(kStdin, {}), false),
                                       std::pair(post("0", ""), true), std::pair(get(true), false)}) {
    connection.write(bytes);
    http::Request request;
    BOOST_REQUIRE(transport.receive(connection.worker, request));
    BOOST_TEST(static_cast<bool>(request.read_body) == is_read);
    if (is_read) BOOST_TEST(read_all(request).empty());
    BOOST_TEST(transport.send(request, response("x"), true));
  }
  close(connection.worker);
}

// `pieces` of ten bytes each, and then a failure or the end.
http::Response made(int pieces, bool fails) {
  http::Response answer = response("");
  answer.source = [left = pieces, fails](std::string& piece) mutable {
    if (left == 0 && fails) throw std::runtime_error("it broke");
    piece = left > 0 ? "0123456789" : "";
    return left-- > 0;
  };
  return answer;
}

bool has_end(const std::string& answer) {
  return answer.find(std::string{1, 3, 0, 1}) != std::string::npos;  // FCGI_END_REQUEST
}

BOOST_AUTO_TEST_CASE(a_response_is_made_while_it_is_sent) {
  server::FcgiTransport transport(host());
  const Connection connection;
  for (const char* method : {"GET", "HEAD", "GET"}) {
    connection.write(begin(true) + parameters(method) + record(kStdin, {}));
    http::Request request;
    BOOST_REQUIRE(transport.receive(connection.worker, request));
    signs_of_life = 0;
    BOOST_TEST(transport.send(request, made(1000, false), true));
    const std::string answer = connection.read();
    BOOST_TEST(answer.find("Content-Length") == std::string::npos);
    BOOST_TEST(has_end(answer));
    const bool get = std::string(method) == "GET";
    BOOST_TEST((answer.size() > 10'000) == get);
    BOOST_TEST((signs_of_life >= 1000) == get);
  }
  close(connection.worker);
}

BOOST_AUTO_TEST_CASE(a_response_that_cannot_be_finished_has_no_end) {
  for (const int pieces : {0, 1, 1000}) {
    server::FcgiTransport transport(host());
    const Connection connection;
    connection.write(get(true));
    http::Request request;
    BOOST_REQUIRE(transport.receive(connection.worker, request));
    BOOST_TEST(!transport.send(request, made(pieces, true), true));
    BOOST_TEST(!has_end(connection.read()));
    BOOST_TEST(connection.closed_by_worker());
    const Connection next;  // the transport itself is as good as new
    next.write(get(false));
    http::Request another;
    BOOST_REQUIRE(transport.receive(next.worker, another));
    transport.send(another, response("hello"), true);
    BOOST_TEST(next.read().find("hello") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_source_is_not_asked_on_when_the_peer_is_gone) {
  server::FcgiTransport transport(host());
  Connection connection;
  connection.write(get(true));
  http::Request request;
  BOOST_REQUIRE(transport.receive(connection.worker, request));
  shutdown(connection.nginx, SHUT_RDWR);
  int asked = 0;
  http::Response endless = response("");
  endless.source = [&](std::string& piece) {
    piece.assign(10'000, 'x');
    return ++asked < 1000;
  };
  BOOST_TEST(!transport.send(request, endless, true));
  BOOST_TEST(asked < 10);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
