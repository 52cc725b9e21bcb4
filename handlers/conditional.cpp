#include "handlers/conditional.hpp"

#include <string>
#include <utility>

#include "app/http/etag.hpp"

namespace handlers {

http::Response not_modified(http::Response response) {
  response.status = 304;
  response.body.clear();
  std::erase_if(response.headers, [](const http::Header& header) { return header.first == "Content-Type"; });
  return response;
}

http::Response with_content_tag(const http::Request& request, http::Response response) {
  const auto tag = http::content_tag(response.body);
  set_tag(response, tag);
  if (http::parse_if_none_match(request.header("if-none-match")).matches(tag)) return not_modified(std::move(response));
  return response;
}

void set_tag(http::Response& response, std::string_view opaque) {
  response.set("ETag", '"' + std::string(opaque) + '"');
}

}  // namespace handlers
