// Link: header for paging (RFC 8288).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace http {

struct WebLink {
  std::string relation;  // first, prev, next, last
  std::string target;    // an absolute URL, already encoded
};

std::string link_header(const std::vector<WebLink>& links);  // <target>; rel="relation", ...

}  // namespace http
