#include "app/check/wall.hpp"

#include <algorithm>
#include <array>

#include "app/check/landing.hpp"
#include "app/check/phrases.hpp"

namespace check {
namespace {

constexpr std::size_t kShort = 1500;  // bytes that a wall shows, at most
constexpr std::size_t kTiny = 400;

bool little_to_read(const Page& page, std::size_t bytes) {
  return page.text.size() <= bytes && page.cart_controls == 0;
}

// What the defenders of sites say of themselves.
std::optional<Wall> by_header(const Record& record) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kHeaders{{{"cf-mitigated", "challenge"},
                                                                                          {"x-amzn-waf-action", ""},
                                                                                          {"x-datadome", "protected"},
                                                                                          {"x-px-block", ""},
                                                                                          {"x-sucuri-block", ""}}};
  for (const Header& header : record.headers)
    for (const auto& [name, value] : kHeaders)
      if (header.name == name && header.value.find(value) != std::string::npos && name != "x-datadome")
        return Wall{"a robot wall answered", header.name + ": " + header.value};
  return std::nullopt;
}

// Scripts of challenges; a page with matter may hold them, too.
std::optional<Wall> by_script(const Record& record, const Page& page) {
  static constexpr std::array<std::string_view, 16> kMarks{"captcha-delivery.com",
                                                           "px-captcha",
                                                           "_Incapsula_Resource",
                                                           "Incapsula incident ID",
                                                           "/_sec/cp_challenge",
                                                           "bm-verify",
                                                           "sec-if-cpt-container",
                                                           "/cdn-cgi/challenge-platform",
                                                           "cf-chl-",
                                                           "awswaf.com",
                                                           "AwsWafIntegration",
                                                           "hcaptcha.com",
                                                           "recaptcha/api.js",
                                                           "g-recaptcha",
                                                           "validateCaptcha",
                                                           "/splashui/captcha"};
  if (!little_to_read(page, kTiny)) return std::nullopt;
  for (const std::string_view mark : kMarks)
    if (record.body.find(mark) != std::string::npos)
      return Wall{"the page asks to prove that no robot is calling", std::string(mark)};
  return std::nullopt;
}

std::optional<Wall> by_words(const Page& page) {
  const auto wall = [](const std::string& phrase) {
    return Wall{"the page asks to prove that no robot is calling, or keeps it out", phrase};
  };
  if (page.data.products.empty() && page.prose < kShort && page.cart_controls == 0) {
    if (const auto phrase = robot_wall_phrase(page.title, true); phrase && page.title.size() < 120)
      return wall(*phrase);
    for (const std::string& heading : page.headings)
      if (const auto phrase = robot_wall_phrase(heading, true); phrase && little_to_read(page, kShort))
        return wall(*phrase);
  }
  if (!page.data.products.empty() || !little_to_read(page, kTiny)) return std::nullopt;
  const auto phrase = robot_wall_phrase(page.text, page.headings.empty());
  return phrase ? std::optional(wall(*phrase)) : std::nullopt;
}

bool is_gate_path(const Url& url) {
  static constexpr std::array<std::string_view, 23> kParts{"/captcha",         "/challenge",
                                                           "/blocked",         "/login",
                                                           "/signin",          "/sign-in",
                                                           "/sign_in",         "/log-in",
                                                           "/account/login",   "/ap/signin",
                                                           "/consent",         "/age-gate",
                                                           "/agegate",         "/age-verification",
                                                           "/ageverif",        "/password",
                                                           "/geo-block",       "/country-selector",
                                                           "/select-country",  "/choose-country",
                                                           "/choose-location", "/unsupported-browser",
                                                           "/maintenance"};
  const std::string path = lower_ascii(url.path());
  for (const std::string_view part : kParts) {
    const std::size_t at = path.find(part);
    const std::size_t end = at + part.size();
    if (at != std::string::npos && (end == path.size() || path[end] == '/' || path[end] == '.')) return true;
  }
  return url.host().starts_with("consent.") || url.host().starts_with("login.") ||
         url.host().starts_with("accounts.") || url.host().starts_with("signin.") || url.host().starts_with("queue.");
}

std::optional<Wall> gate(const Page& page, const Url& url, const Url& asked) {
  const auto wall = [](std::string what, std::string detail) { return Wall{std::move(what), std::move(detail)}; };
  if (is_gate_path(url) && !is_gate_path(asked))
    return wall("another page stands before the one asked for", url.path());
  if (!page.data.products.empty() || !little_to_read(page, kShort)) return std::nullopt;
  std::string line = page.title;
  if (auto phrase = interstitial_phrase(line); phrase && (page.asks_password || little_to_read(page, kTiny)))
    return wall("another page stands before the one asked for", *phrase);
  for (const std::string& heading : page.headings)
    if (auto phrase = interstitial_phrase(heading))
      return wall("another page stands before the one asked for", *phrase);
  if (!little_to_read(page, kTiny) || !page.headings.empty()) return std::nullopt;
  auto phrase = interstitial_phrase(page.text);
  if (!phrase || phrase->find("in") == 0 || phrase->size() < 10) return std::nullopt;
  return wall("another page stands before the one asked for", *phrase);
}

}  // namespace

std::optional<Wall> wall_of(const Record& record, const Page& page, const Url& asked, const Url& end) {
  if (auto wall = by_header(record)) return wall;
  if (auto wall = by_words(page)) return wall;
  if (auto wall = by_script(record, page)) return wall;
  return gate(page, end, asked);
}

}  // namespace check
