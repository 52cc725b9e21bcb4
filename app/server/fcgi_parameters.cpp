#include "app/server/fcgi_parameters.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "app/base/ids.hpp"
#include "app/http/problem.hpp"

namespace server {
namespace {

std::string_view find(const char* const* parameters, std::string_view name) {
  for (; *parameters != nullptr; ++parameters) {
    const std::string_view entry = *parameters;
    if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name))
      return entry.substr(name.size() + 1);
  }
  return {};
}

// "HTTP_IF_NONE_MATCH" behind its prefix -> "if-none-match"
std::string header_name(std::string_view variable) {
  std::string name(variable);
  for (char& c : name) {
    if (c == '_') c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

void read_headers(const char* const* parameters, http::Request& request) {
  static constexpr std::string_view kPrefix = "HTTP_";
  std::size_t bytes = 0;
  for (; *parameters != nullptr; ++parameters) {
    const std::string_view entry = *parameters;
    const std::size_t equals = entry.find('=');
    if (!entry.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    const std::string_view value = entry.substr(equals + 1);
    if (value.empty()) continue;  // nginx's way to take a header away (HTTP_PROXY)
    bytes += entry.size();
    if (bytes > kMaxHeaderBytes || request.headers.size() == kMaxHeaders)
      throw http::Problem(431, "headers_too_large", "The request has too many or too long header fields.");
    request.headers.emplace_back(header_name(entry.substr(kPrefix.size(), equals - kPrefix.size())), value);
  }
}

void read_target(std::string_view uri, http::Request& request) {
  if (uri.size() > kMaxUriBytes) throw http::Problem(414, "uri_too_long", "The request target is longer than 8 KiB.");
  if (uri.empty() || uri.front() != '/')
    throw http::Problem(400, "bad_request", "The request target must be a path that begins with a slash.");
  const std::size_t mark = uri.find('?');
  request.path = uri.substr(0, mark);
  if (mark != std::string_view::npos) request.query = uri.substr(mark + 1);
}

bool sane_method(std::string_view method) {
  return !method.empty() && method.size() <= 32 && std::all_of(method.begin(), method.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

}  // namespace

void read_parameters(const char* const* parameters, http::Request& request) {
  request.id = find(parameters, "REQUEST_ID");
  if (!base::valid_request_id(request.id)) request.id = base::format_uuid(base::random_uuid());
  request.remote_addr = find(parameters, "REMOTE_ADDR");
  request.https = find(parameters, "HTTPS") == "on";
  request.method = find(parameters, "REQUEST_METHOD");
  if (!sane_method(request.method)) throw http::Problem(400, "bad_request", "The request method is not valid.");
  read_target(find(parameters, "REQUEST_URI"), request);
  if (const auto type = find(parameters, "CONTENT_TYPE"); !type.empty())
    request.headers.emplace_back("content-type", type);
  if (const auto time = find(parameters, "CLICK_TIME"); !time.empty()) request.headers.emplace_back("click-time", time);
  read_headers(parameters, request);
}

}  // namespace server
