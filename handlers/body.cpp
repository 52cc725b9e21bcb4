#include "handlers/body.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "app/base/text.hpp"

namespace handlers {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// Of the parameters, charset alone says something about the bytes; JSON is UTF-8 (RFC 8259).
bool utf8_or_unsaid(std::string_view parameters) {
  const auto charset = parameters.find("charset=");
  if (charset == std::string_view::npos) return true;
  auto value = parameters.substr(charset + 8);
  value = base::trim(value.substr(0, value.find(';')));
  return value == "utf-8" || value == "\"utf-8\"" || value == "us-ascii";
}

// Whether the body is said to be of this media type, in UTF-8.
bool sent_as(const http::Request& request, std::string_view media_type) {
  const auto type = lower(request.header("content-type"));
  const auto semicolon = std::min(type.find(';'), type.size());
  return base::trim(std::string_view(type).substr(0, semicolon)) == media_type &&
         utf8_or_unsaid(std::string_view(type).substr(semicolon));
}

void require_json(const http::Request& request) {
  const bool patch = request.method == "PATCH";
  if (sent_as(request, "application/json") || (patch && sent_as(request, "application/merge-patch+json"))) return;
  http::Problem problem(415, "unsupported_media_type", "Send JSON in UTF-8, with \"Content-Type: application/json\".");
  problem.with_header(patch ? "Accept-Patch" : "Accept-Post",
                      patch ? "application/merge-patch+json, application/json" : "application/json");
  throw problem;
}

}  // namespace

void add_fault(Faults& faults, std::string pointer, std::string detail) {
  if (faults.size() < kMostFaults)
    faults.push_back({.detail = std::move(detail), .parameter = {}, .pointer = std::move(pointer)});
}

http::Problem invalid_body(const char* code, const Faults& faults) {
  http::Problem problem(422, code,
                        faults.size() == 1 ? faults.front().detail
                                           : std::to_string(faults.size()) + " values are not right: see errors.");
  for (const auto& fault : faults) problem.with(fault);
  return problem;
}

http::JsonValue read_json(const http::Request& request) {
  require_json(request);
  return http::parse_json(request.body);
}

void require_csv(const http::Request& request) {
  if (sent_as(request, "text/csv")) return;
  http::Problem problem(415, "unsupported_media_type",
                        "Send a CSV file in UTF-8 as the body itself, with \"Content-Type: text/csv\".");
  problem.with_header("Accept-Post", "text/csv");
  throw problem;
}

}  // namespace handlers
