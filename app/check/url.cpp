#include "app/check/url.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <curl/curl.h>

#include "app/base/text.hpp"
#include "app/http/query.hpp"

namespace check {
namespace {

constexpr std::size_t kMaxParameters = 200;

struct Free {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
};
using Handle = std::unique_ptr<CURLU, Free>;

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  return std::unique_ptr<char, Free>(text).get();
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// WHATWG URL, section 4.4: what goes before parsing.
std::string without_controls(std::string_view text) {
  const auto outer = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && outer(text.front())) text.remove_prefix(1);
  while (!text.empty() && outer(text.back())) text.remove_suffix(1);
  std::string clean;
  for (const char c : text)
    if (c != '\t' && c != '\n' && c != '\r') clean += c;
  return clean;
}

// Backslashes before the query are slashes.
void mend_slashes(std::string& text) {
  const std::size_t end = std::min(text.find_first_of("?#"), text.size());
  std::replace(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\\', '/');
}

// Exactly two slashes behind the scheme of a web URL.
void mend_scheme(std::string& text) {
  const std::string scheme = scheme_of(text);
  if (scheme != "http" && scheme != "https") return;
  const std::size_t rest = std::min(text.find_first_not_of('/', scheme.size() + 1), text.size());
  text = scheme + "://" + text.substr(rest);
}

// Escapes what no URL holds. The host stays: a name outside ASCII is IDNA's.
std::string escape(std::string_view text) {
  static constexpr std::string_view kNever = " \"<>`{}|^";
  const std::size_t slashes = text.find("//");
  const bool has_host = slashes != std::string_view::npos && text.find_first_of("/?#") == slashes;
  const std::size_t path = has_host ? std::min(text.find_first_of("/?#", slashes + 2), text.size()) : std::size_t{0};
  const auto never = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte >= 0x7F || kNever.find(c) != std::string_view::npos;
  };
  std::string escaped(text.substr(0, path));
  text.remove_prefix(path);
  while (!text.empty()) {
    const auto* bad = std::find_if(text.begin(), text.end(), never);
    escaped.append(text, 0, static_cast<std::size_t>(bad - text.begin()));
    text.remove_prefix(static_cast<std::size_t>(bad - text.begin()));
    if (text.empty()) break;
    escaped += "%" + base::hex(text.substr(0, 1));
    text.remove_prefix(1);
  }
  return escaped;
}

std::string mended(std::string_view reference) {
  std::string text = without_controls(reference);
  mend_slashes(text);
  mend_scheme(text);
  return escape(text);
}

std::string decode(std::string_view text) {
  return http::percent_decode(text, true).value_or(std::string(text));
}

std::vector<UrlParameter> parse_parameters(std::string_view query) {
  std::vector<UrlParameter> parameters;
  while (!query.empty() && parameters.size() < kMaxParameters) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    parameters.push_back({decode(pair.substr(0, equals)), decode(pair.substr(std::min(pair.size(), equals + 1)))});
  }
  return parameters;
}

}  // namespace

std::optional<Url> Url::parse(std::string_view text) {
  if (text.size() > kMaxBytes) return std::nullopt;
  const std::string absolute = mended(text);
  const std::string scheme = scheme_of(absolute);
  if ((scheme != "http" && scheme != "https") || absolute.find('\0') != std::string::npos) return std::nullopt;
  const Handle handle(curl_url());
  if (!handle || curl_url_set(handle.get(), CURLUPART_URL, absolute.c_str(), 0) != CURLUE_OK) return std::nullopt;
  for (const CURLUPart hidden : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS})
    curl_url_set(handle.get(), hidden, nullptr, 0);
  Url url;
  const std::string host = part(handle.get(), CURLUPART_HOST);
  url.host_ = lower_ascii(host);
  if (url.host_.size() > 1 && url.host_.ends_with('.')) url.host_.pop_back();
  url.path_ = part(handle.get(), CURLUPART_PATH);
  url.query_ = part(handle.get(), CURLUPART_QUERY);
  url.fragment_ = part(handle.get(), CURLUPART_FRAGMENT);
  url.https_ = scheme == "https";
  url.port_ =
      static_cast<std::uint16_t>(base::parse_int(part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT)).value_or(0));
  curl_url_set(handle.get(), CURLUPART_FRAGMENT, nullptr, 0);
  if (url.host_ != host) curl_url_set(handle.get(), CURLUPART_HOST, url.host_.c_str(), 0);
  url.text_ = part(handle.get(), CURLUPART_URL, CURLU_NO_DEFAULT_PORT);
  if (url.host_.empty() || url.text_.empty() || url.text_.size() > 3 * kMaxBytes) return std::nullopt;
  return url;
}

std::optional<Url> Url::resolve(std::string_view reference) const {
  if (reference.size() > kMaxBytes) return std::nullopt;
  const std::string text = mended(reference);
  if (text.find('\0') != std::string::npos) return std::nullopt;
  if (!scheme_of(text).empty()) return parse(text);
  if (text.empty() || text.front() == '#') return parse(text_ + text);
  if (text.front() == '?') return parse(text_.substr(0, text_.find('?')) + text);
  const Handle handle(curl_url());
  if (!handle || curl_url_set(handle.get(), CURLUPART_URL, text_.c_str(), 0) != CURLUE_OK ||
      curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
    return std::nullopt;
  return parse(part(handle.get(), CURLUPART_URL));
}

std::string Url::ascii_host() const {
  if (std::all_of(host_.begin(), host_.end(), [](char c) { return c > 0; })) return host_;
  const Handle handle(curl_url());
  if (!handle || curl_url_set(handle.get(), CURLUPART_URL, text_.c_str(), 0) != CURLUE_OK) return {};
  return lower_ascii(part(handle.get(), CURLUPART_HOST, CURLU_PUNYCODE));
}

std::vector<UrlParameter> Url::parameters() const {
  return parse_parameters(query_);
}

std::vector<UrlParameter> Url::fragment_parameters() const {
  if (fragment_.find('=') == std::string::npos) return {};
  const std::size_t mark = fragment_.find('?');
  return parse_parameters(std::string_view(fragment_).substr(mark == std::string::npos ? 0 : mark + 1));
}

std::string scheme_of(std::string_view reference) {
  const std::size_t colon = reference.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(reference[0])) return {};
  const auto fits = [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; };
  const std::string_view scheme = reference.substr(0, colon);
  return std::all_of(scheme.begin(), scheme.end(), fits) ? lower_ascii(scheme) : std::string();
}

std::string site_of(std::string_view host) {
  // Enough of the Public Suffix List for telling one shop from another.
  static constexpr std::array<std::string_view, 14> kSecond{"ac",  "co",  "com", "edu", "firm", "go",  "gob",
                                                            "gov", "ind", "ne",  "net", "or",   "org", "web"};
  static constexpr std::array<std::string_view, 8> kShared{"myshopify.com", "blogspot.com", "github.io",
                                                           "netlify.app",   "vercel.app",   "pages.dev",
                                                           "web.app",       "wordpress.com"};
  if (host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos)
    return std::string(host);
  const auto last_labels = [&](int count) {
    std::size_t dot = host.size();
    for (; count > 0 && dot != std::string_view::npos && dot > 0; --count) dot = host.rfind('.', dot - 1);
    return dot == std::string_view::npos || count > 0 ? host : host.substr(dot + 1);
  };
  const std::string_view two = last_labels(2);
  const std::string_view top = last_labels(1);
  const std::string_view second = two.substr(0, two.find('.'));
  const bool suffix = (top.size() == 2 && std::find(kSecond.begin(), kSecond.end(), second) != kSecond.end()) ||
                      std::find(kShared.begin(), kShared.end(), two) != kShared.end();
  return std::string(suffix ? last_labels(3) : two);
}

bool within_host(std::string_view host, std::string_view name) {
  if (name.empty() || !host.ends_with(name)) return false;
  return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

std::string lower_ascii(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return result;
}

}  // namespace check
