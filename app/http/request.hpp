// A request as the transport read it: plain values, nothing decoded but what HTTP itself frames.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

using Header = std::pair<std::string, std::string>;

// Fills `into` with up to `size` bytes of a request's body and returns how many; 0: the end. Throws Problem 400 where
// the body breaks off before it, so that a part never passes for the whole.
using BodyReader = std::function<std::size_t(char* into, std::size_t size)>;

// How much of a body a route takes, and in which way.
struct BodyRule {
  std::uint64_t max_bytes = 65'536;
  bool streamed = false;
};

struct Request {
  std::string method;            // "GET", as sent
  std::string path;              // REQUEST_URI up to '?', still percent-encoded: what routes look at
  std::string query;             // behind '?', still encoded
  std::vector<Header> headers;   // lower-case names with '-', as FastCGI's HTTP_* told them, content-type, click-time
  std::string body;              // whole; empty where it is streamed, or larger than its route takes
  std::uint64_t body_bytes = 0;  // as announced
  BodyReader read_body{};        // in place of `body` on routes that take it as a stream; until the answer is sent
  std::string id;                // request id: from nginx, already sane
  std::string remote_addr;       // the client's address as nginx saw it
  bool https = true;

  // The header's value, or empty. Names are compared as given: lower case.
  std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
};

}  // namespace http
