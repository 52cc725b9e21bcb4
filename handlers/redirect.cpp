#include "handlers/redirect.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace handlers {
namespace {

constexpr std::string_view kPrefix = "/go/";
constexpr std::size_t kMaxSlug = 64;

constexpr std::string_view kMonitor = "QuietLeaks-Monitor";  // in our own checker's User-Agent

bool slug_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// `word` in lower case.
bool mentions(std::string_view text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [](char a, char b) { return lower(a) == b; }) != text.end();
}

// A browser that loads a page that nobody may ever look at. Sec-Purpose: the Fetch standard. The others: what browsers
// sent before it, Purpose and X-Purpose by Chrome and Safari, X-Moz by Firefox.
bool looks_ahead(std::string_view purpose) {
  return mentions(purpose, "prefetch") || mentions(purpose, "prerender") || mentions(purpose, "preview");
}

bool looks_ahead(const http::Request& request) {
  return std::any_of(request.headers.begin(), request.headers.end(), [](const http::Header& header) {
    const auto& [name, value] = header;
    return (name == "sec-purpose" || name == "purpose" || name == "x-moz" || name == "x-purpose") && looks_ahead(value);
  });
}

}  // namespace

std::optional<std::string_view> slug_in(std::string_view path) {
  if (!path.starts_with(kPrefix)) return std::nullopt;
  const std::string_view slug = path.substr(kPrefix.size());
  if (slug.empty() || slug.size() > kMaxSlug || !std::all_of(slug.begin(), slug.end(), slug_character))
    return std::nullopt;
  return slug;
}

// The names and values are constants, and Location holds safe bytes only: no need for set()'s look at each of them.
http::Response redirect_to(std::string_view destination, std::string_view query) {
  http::Response response;
  response.status = 302;
  response.headers.reserve(3);
  response.headers.emplace_back("Location", query.empty() ? std::string(destination) : pass_query(destination, query));
  response.headers.emplace_back("Cache-Control", "private, no-store");
  response.headers.emplace_back("X-Robots-Tag", "noindex");
  return response;
}

bool counts(const http::Request& request) {
  return request.method == "GET" && !looks_ahead(request) &&
         request.header("user-agent").find(kMonitor) == std::string_view::npos;
}

}  // namespace handlers
