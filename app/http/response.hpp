// An answer: complete before its first byte is sent, or with a body that is made while it is sent.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/http/request.hpp"

namespace http {

// Appends the next piece of a body to `piece`, which is empty. False: that was the last. Throws if it cannot go on:
// then the transfer is broken off, so that the client sees that it is not whole.
using BodySource = std::function<bool(std::string& piece)>;

struct Response {
  int status = 200;
  std::vector<Header> headers;  // names as they go out; values hold no CR, LF or NUL (set() refuses them)
  std::string body;             // left out by the transport where the request was HEAD; Content-Length stays
  BodySource source{};          // in place of `body`, and then without Content-Length

  // Replaces or adds. Throws std::invalid_argument on a control character: no header can be injected.
  void set(std::string name, std::string value);
  const std::string* find(std::string_view name) const;  // case-insensitive; nullptr if absent
};

std::string_view reason_phrase(int status);  // RFC 9110

}  // namespace http
