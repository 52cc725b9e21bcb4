// An HTTP client for tests: sends what it is told without tidying it up, and shows everything that came back.
// For bytes that are not even HTTP, see raw_connection.hpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

using HeaderLine = std::pair<std::string, std::string>;

struct Call {
  std::string method = "GET";
  std::string target;               // path and query, sent as is
  std::vector<HeaderLine> headers;  // "Name", "value"
  std::string body;
  bool http2 = false;
};

struct Reply {
  int status = 0;                   // 0: no answer came; `error` says why
  std::vector<HeaderLine> headers;  // names in lower case, in the order of arrival
  std::string body;
  std::string error;
  double seconds = 0;

  std::vector<std::string> all(std::string_view name) const;  // `name` in lower case
  std::string header(std::string_view name) const;            // the first one; empty if there is none
};

Call get(std::string target, const std::string& key = {});  // with "Authorization: Bearer key", if there is a key

class HttpsClient {
 public:
  // `base_url` as "https://localhost:8443". `local_address`: the loopback address to come from, so that tests which
  // provoke limits by address leave the others alone.
  HttpsClient(std::string base_url, std::string ca_file, std::string local_address = "127.0.0.1");
  ~HttpsClient();
  HttpsClient(const HttpsClient&) = delete;
  HttpsClient& operator=(const HttpsClient&) = delete;

  Reply send(const Call& call);  // keeps its connection

  // All calls at once over at most `connections` connections (HTTP/1.1); answers in the order of the calls.
  std::vector<Reply> burst(const std::vector<Call>& calls, int connections);

  const std::string& base_url() const { return base_url_; }

 private:
  struct Transfer;
  void prepare(Transfer& transfer) const;

  std::string base_url_;
  std::string ca_file_;
  std::string local_address_;
  std::unique_ptr<Transfer> kept_;
};

}  // namespace support
