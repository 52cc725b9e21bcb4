// A look at a request's bytes before libfcgi reads them. libfcgi believes every length: a parameter that claims two
// gigabytes ends the process in its malloc, and a parameter block that breaks off passes for a complete one.
#pragma once

#include <cstddef>
#include <string_view>

namespace server {

// Of the records up to the end of the parameters: more than kMaxHeaderBytes, so that too long headers get a 431.
constexpr std::size_t kMaxHeadBytes = 98304;

enum class Framing {
  whole,       // begin record and all parameters are there and consistent
  incomplete,  // good so far
  broken,      // not a request of a FastCGI responder
};

// `bytes`: what a connection holds, from a request's first byte on. FastCGI specification, sections 3.3, 3.4, 5.1, 5.2.
Framing check_framing(std::string_view bytes);

}  // namespace server
