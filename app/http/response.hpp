// An answer, complete before its first byte is sent.
#pragma once

#include <string>
#include <vector>

#include "app/http/request.hpp"

namespace http {

struct Response {
  int status = 200;
  std::vector<Header> headers;  // names as they go out; values hold no CR, LF or NUL (set() refuses them)
  std::string body;             // left out by the transport where the request was HEAD; Content-Length stays

  // Replaces or adds. Throws std::invalid_argument on a control character: no header can be injected.
  void set(std::string name, std::string value);
  const std::string* find(std::string_view name) const;  // case-insensitive; nullptr if absent
};

std::string_view reason_phrase(int status);  // RFC 9110

}  // namespace http
