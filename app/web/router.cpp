#include "app/web/router.hpp"

#include <algorithm>
#include <utility>

namespace web {
namespace {

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// Takes the first segment, with the '/' before it, off the path.
std::string_view take_segment(std::string_view& path) {
  const auto end = std::min(path.find('/', 1), path.size());
  const auto segment = path.substr(1, end - 1);
  path.remove_prefix(end);
  return segment;
}

// The parameter's text if the path fits the pattern ("" where the pattern has none).
std::optional<std::string_view> fit(std::string_view pattern, std::string_view path) {
  std::string_view parameter;
  while (!pattern.empty() && !path.empty()) {
    if (path.front() != '/') return std::nullopt;
    const auto expected = take_segment(pattern);
    const auto found = take_segment(path);
    if (is_parameter(expected)) {
      if (found.empty()) return std::nullopt;
      parameter = found;
    } else if (found != expected) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameter;
}

bool serves(const Route& route, std::string_view method) {
  return route.method == method || (route.method == "GET" && method == "HEAD");
}

void allow(std::string& list, const std::string& method) {
  if (!list.empty()) list += ", ";
  list += method == "GET" ? "GET, HEAD" : method;
}

}  // namespace

// '{' comes behind every character of a plain segment, so a pattern stands before all that are less plain.
Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  std::stable_sort(routes_.begin(), routes_.end(),
                   [](const Route& a, const Route& b) { return a.pattern < b.pattern; });
}

Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  const std::string* fitting = nullptr;
  for (const auto& route : routes_) {
    if (fitting && route.pattern != *fitting) break;
    const auto parameter = fit(route.pattern, path);
    if (!parameter) continue;
    if (serves(route, method)) return {&route, {}, std::string(*parameter)};
    fitting = &route.pattern;
    allow(match.allow, route.method);
  }
  return match;
}

}  // namespace web
