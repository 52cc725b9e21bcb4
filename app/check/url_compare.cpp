#include "app/check/url_compare.hpp"

#include <algorithm>
#include <array>

#include "app/check/tracking.hpp"
#include "app/http/query.hpp"

namespace check {
namespace {

template <std::size_t size>
bool one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool letters(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

// "en", "en-gb", "pt_br", "us", "zh-hans"
bool is_locale(std::string_view segment) {
  static constexpr std::array<std::string_view, 6> kWords{"intl", "int", "global", "row", "international", "eu"};
  static constexpr std::array<std::string_view, 10> kNot{"go", "to", "dp", "gp", "qr", "tv", "pc", "my", "me", "co"};
  if (one_of(segment, kWords)) return true;
  const std::string_view language = segment.substr(0, segment.find_first_of("-_"));
  if (!letters(language) || language.size() != 2 || one_of(language, kNot)) return false;
  if (language.size() == segment.size()) return true;
  const std::string_view country = segment.substr(3);
  return letters(country) && (country.size() == 2 || country == "hans" || country == "hant" || country == "intl");
}

bool is_index(std::string_view segment) {
  static constexpr std::array<std::string_view, 10> kNames{"index", "default",    "home",    "homepage", "main",
                                                           "start", "startseite", "accueil", "inicio",   "welcome"};
  return one_of(segment.substr(0, segment.find('.')), kNames);
}

bool holds_digit(std::string_view text) {
  return text.find_first_of("0123456789") != std::string_view::npos;
}

std::string bare_host(const Url& url) {
  std::string_view host = url.host();
  for (const std::string_view prefix : {"www.", "m.", "mobile."})
    if (host.starts_with(prefix) && std::count(host.begin(), host.end(), '.') > 1) {
      host.remove_prefix(prefix.size());
      break;
    }
  return std::string(host);
}

std::string brand_of(const Url& url) {
  const std::string site = site_of(url.host());
  return site.substr(0, site.find('.'));
}

// The parameters that make a page, in an order of their own.
std::vector<std::string> own_parameters(const Url& url) {
  std::vector<std::string> own;
  for (const UrlParameter& parameter : url.parameters())
    if (!only_tracks(parameter.name)) own.push_back(lower_ascii(parameter.name) + "=" + parameter.value);
  std::sort(own.begin(), own.end());
  return own;
}

}  // namespace

Segments segments_of(std::string_view path) {
  Segments segments;
  const std::string plain = lower_ascii(http::percent_decode(path, false).value_or(std::string(path)));
  std::string_view rest = plain;
  rest = rest.substr(0, rest.find(";jsessionid"));
  while (!rest.empty()) {
    const std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
    if (!segment.empty() && segments.size() < 64) segments.emplace_back(segment);
  }
  return segments;
}

Segments plain_segments(const Url& url) {
  Segments segments = segments_of(url.path());
  for (int i = 0; i < 2 && !segments.empty() && is_locale(segments.front()); ++i) segments.erase(segments.begin());
  if (!segments.empty() && is_index(segments.back())) segments.pop_back();
  return segments;
}

bool looks_like_id(std::string_view text) {
  const auto count = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return count >= 4;
}

std::string plain_path(const Url& url) {
  std::string path;
  for (std::string& segment : plain_segments(url)) {
    for (const std::string_view extension : {".html", ".htm", ".php", ".aspx"})
      if (segment.ends_with(extension)) segment.resize(segment.size() - extension.size());
    path += "/" + segment;
  }
  return path;
}

bool same_page(const Url& one, const Url& other) {
  return bare_host(one) == bare_host(other) && plain_path(one) == plain_path(other) &&
         own_parameters(one) == own_parameters(other);
}

bool same_host(const Url& one, const Url& other) {
  return bare_host(one) == bare_host(other);
}

bool same_product_number(const Url& one, const Url& other) {
  const Segments some = plain_segments(one);
  const Segments others = plain_segments(other);
  const Segments& fewer = some.size() <= others.size() ? some : others;
  const Segments& more = some.size() <= others.size() ? others : some;
  bool number = false;
  std::size_t at = 0;
  for (const std::string& segment : fewer) {
    const auto same = [&](const std::string& each) {
      return each == segment || each.starts_with(segment + "-") || segment.starts_with(each + "-");
    };
    const auto found = std::find_if(more.begin() + static_cast<std::ptrdiff_t>(at), more.end(), same);
    if (found == more.end()) return false;
    at = static_cast<std::size_t>(found - more.begin()) + 1;
    number = number || looks_like_id(segment) || (segment.size() == 10 && holds_digit(segment));
  }
  return number;
}

bool same_shop(const Url& one, const Url& other) {
  return site_of(one.host()) == site_of(other.host()) || (brand_of(one) == brand_of(other) && brand_of(one).size() > 2);
}

}  // namespace check
