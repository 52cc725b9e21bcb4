// Request lines and headers bent at random and sent as raw bytes: no header gets injected, no path means a route that
// it is not, and no worker dies of it. The seed is printed, so that a finding can be seen again (QL_SEED).
#include <array>
#include <cstdlib>
#include <map>
#include <random>
#include <regex>

#include "tests/e2e/shared_stack.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/raw_connection.hpp"

namespace e2e {
namespace {

constexpr int kLines = 5000;
constexpr int kLinesPerAddress = 250;  // stays below nginx's limit for requests without a key
constexpr int kWaitMs = 100;           // for an answer; an unfinished request gets none

template <std::size_t N>
using Words = std::array<std::string_view, N>;

using namespace std::string_view_literals;

constexpr Words<15> kTargets = {"/api/v1/links",
                                "/api/v1/links?limit=1",
                                "/api/v1/links?limit=2&offset=1",
                                "/api/v1/links?offset=99999",
                                "/api/v1/links/@",
                                "/api/v1/links/@/clicks",
                                "/api/v1/links/none",
                                "/api/v1/openapi.json",
                                "/healthz",
                                "/readyz",
                                "/api/",
                                "/docs/errors",
                                "/go/abc123",
                                "/",
                                "*"};
constexpr Words<34> kPieces = {"\r\nX-Injected: yes",
                               "\nX-Injected: yes",
                               "%0d%0aX-Injected:%20yes",
                               "\r\n\r\nGET /api/v1/links HTTP/1.1\r\nHost: x\r\n\r\n",
                               "\0"sv,
                               "%00",
                               "%2f",
                               "%2F",
                               "%5c",
                               "\\",
                               "/",
                               "//",
                               "/.",
                               "/..",
                               "/../",
                               "/%2e%2e/",
                               "%",
                               "%zz",
                               "%c0%af",
                               "\xc0\xaf",
                               "\xff",
                               "?",
                               "#",
                               ";",
                               "&",
                               "=",
                               " ",
                               "\t",
                               "\x01",
                               "\x7f",
                               "limit=1",
                               "$uri",
                               "{}",
                               "'\"<>"};
constexpr Words<10> kMethods = {"GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "get", "G\x01T"};
constexpr Words<6> kVersions = {" HTTP/1.1", " HTTP/1.1", " HTTP/1.1", " HTTP/1.0", " HTTP/1.2", "  HTTP/1.1"};
constexpr Words<14> kHeaders = {"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                                "Content-Length: 3\r\nContent-Length: 4\r\n",
                                "Content-Length: -1\r\n",
                                "Content-Length: 18446744073709551616\r\n",
                                "Host: second\r\n",
                                "X-Request-Id: a\tb\r\n",
                                "X-Request-Id: good-enough\r\nX-Request-Id: another-one\r\n",
                                "If-None-Match: \"\r\n",
                                "If-None-Match: *\r\n",
                                "Connection: X-Request-Id\r\n",
                                "X-Forwarded-Proto: http\r\n",
                                "Upgrade: h2c\r\n",
                                "Range: bytes=0-\r\n",
                                "X-A: \xff\xfe\r\n"};

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  template <std::size_t N>
  std::string pick(const Words<N>& words) {
    return std::string(words[below(N)]);
  }
  unsigned below(std::size_t bound) { return static_cast<unsigned>(random_() % bound); }

  // One whole request; `key` may be empty.
  std::string request(const std::string& key, const std::string& link_id) {
    std::string target = pick(kTargets);
    if (const auto at = target.find('@'); at != std::string::npos) target.replace(at, 1, link_id);
    for (unsigned bends = below(4); bends > 0; --bends) bend(target);
    if (below(200) == 0) target += std::string(9000, 'a');
    std::string text = pick(kMethods) + ' ' + target + pick(kVersions) + "\r\nHost: localhost\r\n";
    if (!key.empty()) text += "Authorization: Bearer " + key + "\r\n";
    if (below(4) == 0) text += pick(kHeaders);
    return text + "Connection: close\r\n\r\n";
  }

 private:
  void bend(std::string& text) {
    const auto at = below(text.size() + 1);
    if (below(5) == 0 && at < text.size()) {
      text[at] = static_cast<char>(below(256));
    } else if (below(6) == 0) {
      text.erase(at, 1 + below(3));
    } else {
      text.insert(at, pick(kPieces));
    }
  }

  std::mt19937 random_;
};

// The path that the bytes ask for, with nothing decoded or resolved. A '#' is a byte like others: requests have no
// fragment.
std::string path_of(const std::string& request) {
  const std::string line = request.substr(0, request.find_first_of("\r\n"));
  const auto begin = line.find_first_not_of(' ', line.find(' '));
  if (begin == std::string::npos) return {};
  const std::string target = line.substr(begin, line.find(' ', begin) - begin);
  return target.substr(0, target.find('?'));
}

bool holds_links(const std::string& body) {
  return body.starts_with(R"({"links":[{"id":)") || body.starts_with(R"({"id":)") || body.starts_with(R"({"link_id":)");
}

class Judge {
 public:
  Judge(const std::string& request, bool with_key) : request_(request), with_key_(with_key) {}

  void look_at(const support::Reply& reply) const {
    if (!reply.header("x-injected").empty()) fail("a header was injected");
    if (reply.all("x-request-id").size() != 1) fail("not exactly one X-Request-Id");
    if (reply.status >= 500) fail("status " + std::to_string(reply.status));
    const bool api_data = holds_links(reply.body);
    if (api_data && !with_key_) fail("data without a key");
    if ((api_data || !reply.header("ratelimit").empty()) && !leads_to_links()) fail("another path led to links");
  }

  void fail(const std::string& what) const { BOOST_ERROR(what << "; the request was:\n" << request_.substr(0, 500)); }

 private:
  // A request hidden behind a line end is one of its own, and answered as such.
  bool leads_to_links() const {
    static const std::regex links("/api/v1/links(/[^/]+(/clicks)?)?");
    return std::regex_match(path_of(request_), links) || request_.find("\nGET /api/v1/links") != std::string::npos;
  }

  const std::string& request_;
  bool with_key_;
};

// HTTP/0.9, where a line without a version is a whole request and its answer has no headers.
bool without_headers(const std::string& what) {
  return what.starts_with("not a status line");
}

// Sends one request and judges every reply to it; returns the first status, 0 if there was no reply.
int try_one(const std::string& request, bool with_key, const std::string& address) {
  const Judge judge(request, with_key);
  support::RawConnection connection(stack().base_url(), stack().ca_file(), address);
  connection.send(request);
  int status = 0;
  try {
    const bool head = request.starts_with("HEAD ");
    while (const auto reply = connection.read_reply(head, kWaitMs)) {
      judge.look_at(*reply);
      if (status == 0) status = reply->status;
    }
  } catch (const std::exception& error) {
    if (!without_headers(error.what()) || holds_links(connection.unread())) judge.fail(error.what());
  }
  return status;
}

std::string address_of(int line) {
  const int number = line / kLinesPerAddress;
  return "127.0.1." + std::to_string(1 + number % 250);
}

unsigned seed() {
  const char* given = std::getenv("QL_SEED");
  return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

BOOST_AUTO_TEST_SUITE(fuzz)

BOOST_AUTO_TEST_CASE(bent_requests_inject_nothing_and_reach_no_wrong_route) {
  const unsigned chosen = seed();
  BOOST_TEST_CONTEXT("QL_SEED=" << chosen) {
    Generator generator(chosen);
    const auto api = stack().worker_pids(), bulk = stack().worker_pids("bulk");
    const std::string link_id = example_link_id();
    std::map<int, int> statuses;
    std::string key;
    for (int line = 0; line < kLines; ++line) {
      if (line % kLinesPerAddress == 0) key = stack().new_key().secret;
      const bool with_key = line % 3 == 0;
      ++statuses[try_one(generator.request(with_key ? key : "", link_id), with_key, address_of(line))];
    }
    BOOST_TEST((stack().worker_pids() == api), "api workers died");
    BOOST_TEST((stack().worker_pids("bulk") == bulk), "bulk workers died");
    std::string summary;
    for (const auto& [status, count] : statuses)
      summary += " " + std::to_string(count) + " x " + std::to_string(status);
    say(std::to_string(kLines) + " bent requests (QL_SEED=" + std::to_string(chosen) + "):" + summary +
        "; no header injected, no wrong route, every worker alive");
  }
}

// A client that goes away in the middle of its body.
BOOST_AUTO_TEST_CASE(a_truncated_body_harms_nobody) {
  const auto api = stack().worker_pids();
  for (int i = 0; i < 20; ++i) {
    support::RawConnection connection(stack().base_url(), stack().ca_file());
    connection.send("POST /api/v1/links HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n" +
                    std::string(static_cast<std::size_t>(i) * 40, 'x'));
  }
  BOOST_TEST(ask(support::get("/healthz")).status == 200);
  BOOST_TEST((stack().worker_pids() == api));
  say("20 clients left in the middle of their body: no worker minded");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
