#include "app/web/cross_site.hpp"

#include <algorithm>

#include "app/http/problem.hpp"

namespace web {
namespace {

constexpr std::string_view kDefaultPort = ":443";

// Browsers write a host in lower case and leave the default port out.
bool is_origin_of(std::string_view origin, std::string_view public_url) {
  if (public_url.ends_with(kDefaultPort)) public_url.remove_suffix(kDefaultPort.size());
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(origin.begin(), origin.end(), public_url.begin(), public_url.end(),
                    [&](char a, char b) { return a == lower(b); });
}

bool same_origin(const http::Request& request, std::string_view public_url) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const auto site = request.header("sec-fetch-site");
  const auto origin = request.header("origin");
  if (!site.empty() && site != "same-origin" && !(reads && site == "none")) return false;
  if (!origin.empty() && !is_origin_of(origin, public_url)) return false;
  return reads || !site.empty() || !origin.empty();
}

}  // namespace

void require_same_origin(const http::Request& request, std::string_view public_url) {
  if (same_origin(request, public_url)) return;
  throw http::Problem(403, "cross_site_request",
                      "This request did not come from this site's own pages. Programs use an API key.");
}

}  // namespace web
