#include "handlers/openapi.hpp"

#include <string>

#include "handlers/conditional.hpp"

namespace handlers {
namespace {

constexpr std::string_view kDocument =
#include "openapi.inc"
    ;
constexpr std::string_view kAddress = "https://quietleaks.example";  // stands for public_url in the file

std::string with_address(const std::string& public_url) {
  std::string text(kDocument);
  for (auto at = text.find(kAddress); at != std::string::npos; at = text.find(kAddress, at + public_url.size()))
    text.replace(at, kAddress.size(), public_url);
  return text;
}

}  // namespace

http::Response openapi_document(const http::Request& request, web::Context& context) {
  static const std::string document = with_address(context.public_url);  // one configuration for a process's life
  http::Response response;
  response.set("Content-Type", "application/json");
  response.set("Cache-Control", "public, max-age=300");
  response.body = document;
  return with_content_tag(request, std::move(response));
}

}  // namespace handlers
