// FastCGI parameters (CGI's variables, RFC 3875) into a request. Knows no libfcgi: plain strings in, plain values out.
#pragma once

#include "app/http/request.hpp"

namespace server {

constexpr std::size_t kMaxUriBytes = 8192;
constexpr std::size_t kMaxHeaders = 128;
constexpr std::size_t kMaxHeaderBytes = 65536;  // names and values together

// `parameters`: "NAME=value" strings, ended by a null pointer. The id is set first: nginx's, or a new one if that is
// missing or odd. Throws http::Problem: 400 without a sane method and target, 414, 431.
void read_parameters(const char* const* parameters, http::Request& request);

}  // namespace server
