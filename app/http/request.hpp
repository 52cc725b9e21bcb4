// A request as the transport read it: plain values, nothing decoded but what HTTP itself frames.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

using Header = std::pair<std::string, std::string>;

struct Request {
  std::string method;           // "GET", as sent
  std::string path;             // REQUEST_URI up to '?', still percent-encoded: what routes look at
  std::string query;            // behind '?', still encoded
  std::vector<Header> headers;  // lower-case names with '-', as FastCGI's HTTP_* told them, content-type, click-time
  std::string body;
  std::string id;           // request id: from nginx, already sane
  std::string remote_addr;  // the client's address as nginx saw it
  bool https = true;

  // The header's value, or empty. Names are compared as given: lower case.
  std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
};

}  // namespace http
