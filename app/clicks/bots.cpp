#include "app/clicks/bots.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace clicks {
namespace {

// Names of programs, in sorted order. Whole words, or several with what stands between them.
constexpr std::string_view kPrograms[] = {
    // clang-format off
    "apache-httpclient",
    "axios",
    "curl",
    "facebookexternalhit",
    "go-http-client",
    "headlesschrome",
    "java",
    "node-fetch",
    "okhttp",
    "python-requests",
    "wget",
    "whatsapp",
    // clang-format on
};
static_assert(std::is_sorted(std::begin(kPrograms), std::end(kPrograms)));

constexpr std::string_view kEndings[] = {"bot", "bots", "crawler", "spider", "scraper"};
constexpr std::string_view kNoBots[] = {"cubot"};

bool letter(char c) {
  return c >= 'a' && c <= 'z';
}

bool word_character(char c) {
  return letter(c) || (c >= '0' && c <= '9');
}

bool names_a_program(std::string_view rest) {
  auto candidate = std::upper_bound(std::begin(kPrograms), std::end(kPrograms), rest.substr(0, 2),
                                    [](std::string_view a, std::string_view b) { return a < b.substr(0, 2); });
  for (; candidate != std::end(kPrograms) && candidate->substr(0, 2) == rest.substr(0, 2); ++candidate)
    if (rest.starts_with(*candidate) && (rest.size() == candidate->size() || !letter(rest[candidate->size()])))
      return true;
  return false;
}

bool ends_as_a_bot(std::string_view word) {
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&](auto ending) { return word.ends_with(ending); }) &&
         std::find(std::begin(kNoBots), std::end(kNoBots), word) == std::end(kNoBots);
}

bool has(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

}  // namespace

bool names_a_bot(std::string_view user_agent) {
  bool any = false;
  while (!user_agent.empty()) {
    const auto end = std::find_if_not(user_agent.begin(), user_agent.end(), word_character);
    const auto length = static_cast<std::size_t>(end - user_agent.begin());
    if (length > 0) {
      if (names_a_program(user_agent) || ends_as_a_bot(user_agent.substr(0, length))) return true;
      any = true;
    }
    user_agent.remove_prefix(std::min(length + 1, user_agent.size()));
  }
  return !any;
}

Device device_named_in(std::string_view agent) {
  for (const auto word : {"smart-tv", "smarttv", "appletv", "googletv", "web0s", "playstation", "xbox", "nintendo"})
    if (has(agent, word)) return Device::other;
  if (has(agent, "ipad") || has(agent, "tablet") || has(agent, "kindle") || has(agent, "playbook"))
    return Device::tablet;
  if (has(agent, "mobi") || has(agent, "iphone") || has(agent, "ipod") || has(agent, "windows phone") ||
      has(agent, "opera mini"))
    return Device::mobile;
  if (has(agent, "android")) return Device::tablet;  // Google: a tablet's says no "Mobile"
  for (const auto word : {"windows nt", "macintosh", "x11", "cros "})
    if (has(agent, word)) return Device::desktop;
  return Device::other;
}

}  // namespace clicks
