#include "app/clicks/bots.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "app/clicks/bot_names.hpp"

namespace clicks {
namespace {

using Text = std::string_view;

constexpr bool letter(char c) {
  return c >= 'a' && c <= 'z';
}

constexpr bool word_character(char c) {
  return letter(c) || (c >= '0' && c <= '9');
}

template <std::size_t... Counts>
constexpr auto joined(const Text (&... lists)[Counts]) {
  std::array<Text, (Counts + ...)> all{};
  auto end = all.begin();
  ((end = std::copy(std::begin(lists), std::end(lists), end)), ...);
  std::sort(all.begin(), all.end());
  return all;
}

constexpr auto kPrograms = joined(names::kSearchEngines, names::kSeoTools, names::kPreviewers, names::kAi,
                                  names::kFeedReaders, names::kLibraries, names::kAutomation, names::kSecurity,
                                  names::kMonitors, names::kArchivers, names::kOthers);
static_assert(std::adjacent_find(kPrograms.begin(), kPrograms.end()) == kPrograms.end(), "a name stands there twice");
static_assert(std::all_of(kPrograms.begin(), kPrograms.end(), [](Text name) {
  return name.size() > 2 && word_character(name[0]) &&
         std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}));

constexpr Text kEndings[] = {"bot",     "bots",    "checker", "crawl",   "crawler",  "crawlers",
                             "fetcher", "indexer", "scanner", "scraper", "scraping", "spider"};
constexpr Text kNoBots[] = {"cubot"};  // a maker of phones

constexpr Text kCompatibleBrowsers[] = {"iemobile", "konqueror", "linux", "msie", "u;", "windows"};
constexpr Text kDomains[] = {".com", ".io", ".org"};

// What a person's browser runs on. It says so even where it does not begin as one: "Nokia6300/2.0 ...", "UCWEB/2.0
// ...", "Instagram 10.26.0 (iPhone7,2; ...", "MyApp/1 CFNetwork/1120 ..." (an app that opens a link which was tapped in
// it).
constexpr Text kPhones[] = {"android",    "blackberry", "brightsign", "cfnetwork", "docomo",       "hbbtv",    "ipad",
                            "iphone",     "ipod",       "kddi",       "lynx/",     "midp",         "netfront", "nettv",
                            "nokia",      "roku",       "samsung",    "series60",  "sonyericsson", "symbian",  "ucweb",
                            "up.browser", "vizio",      "watchos",    "windows ce"};
// In every other, behind one of the beginnings below.
constexpr Text kSystems[] = {
    "amiga", "aquos",  "bada",     "bb10",     "beos",    "cros",  "freebsd",  "fuchsia",     "haiku",     "harmony",
    "hbbtv", "j2me",   "kaios",    "kindle",   "kobo",    "linux", "mac os",   "mac_powerpc", "macintosh", "meego",
    "midp",  "mobile", "netfront", "nintendo", "openbsd", "os/2",  "playbook", "playstation", "ps3",       "series",
    "smart", "sunos",  "symbos",   "tizen",    "viera",   "web0s", "webos",    "win9",        "windows",   "x11"};
constexpr Text kBrowserBeginnings[] = {"mozilla/", "opera/"};

bool has(Text text, Text word) {
  return text.find(word) != Text::npos;
}

template <typename List>
bool has_one_of(Text text, const List& words) {
  return std::any_of(std::begin(words), std::end(words), [&](Text word) { return has(text, word); });
}

template <typename List>
bool begins_with_one_of(Text text, const List& words) {
  return std::any_of(std::begin(words), std::end(words), [&](Text word) { return text.starts_with(word); });
}

// No letter follows the name that `rest` begins with.
bool ends_here(Text name, Text rest) {
  return rest.size() == name.size() || !letter(name.back()) || !letter(rest[name.size()]);
}

bool names_a_program(Text rest) {
  const auto beginning = [](Text name) { return name.substr(0, 3); };
  auto candidate = std::lower_bound(kPrograms.begin(), kPrograms.end(), beginning(rest));
  for (; candidate != kPrograms.end() && beginning(*candidate) == beginning(rest); ++candidate)
    if (rest.starts_with(*candidate) && ends_here(*candidate, rest)) return true;
  return false;
}

bool ends_as_a_bot(Text word) {
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&](Text ending) { return word.ends_with(ending); }) &&
         std::find(std::begin(kNoBots), std::end(kNoBots), word) == std::end(kNoBots);
}

// "(compatible; Somebody/1.0": since Internet Explorer is gone, what programs say and browsers do not.
bool claims_to_be_compatible(Text rest) {
  constexpr Text kWord = "compatible;";
  if (!rest.starts_with(kWord)) return false;
  rest.remove_prefix(std::min(rest.find_first_not_of(" ;", kWord.size()), rest.size()));
  return !begins_with_one_of(rest, kCompatibleBrowsers);
}

// "+http://somebody.example/why", "somebody@somewhere.example": programs say where to complain.
bool gives_an_address(Text agent) {
  if (has(agent, "://")) return true;
  const std::size_t at = agent.find('@');
  return at != Text::npos && at > 0 && word_character(agent[at - 1]) && at + 1 < agent.size() && letter(agent[at + 1]);
}

// "somebody.com" and nothing that makes it part of a longer name ("com.example.app", "jp.co.example.android").
bool gives_a_domain(Text agent) {
  return std::any_of(std::begin(kDomains), std::end(kDomains), [&](Text domain) {
    for (std::size_t at = agent.find(domain); at != Text::npos; at = agent.find(domain, at + 1)) {
      const std::size_t end = at + domain.size();
      if (at > 0 && word_character(agent[at - 1]) &&
          (end == agent.size() || (!word_character(agent[end]) && agent[end] != '.')))
        return true;
    }
    return false;
  });
}

bool is_no_browser(Text agent) {
  return !has_one_of(agent, kPhones) && !(begins_with_one_of(agent, kBrowserBeginnings) && has_one_of(agent, kSystems));
}

// Where an Android tells its device: "; DEVICE Build/" or what follows "Android 13; ". Phones may be called anything.
Text device_in(Text agent) {
  const std::size_t android = agent.find("android ");
  if (android == Text::npos) return {};
  const std::size_t build = agent.find(" build/", android);
  const std::size_t begin = build == Text::npos ? agent.find_first_of(";)", android) : agent.rfind(';', build);
  if (begin == Text::npos || agent[begin] != ';') return {};
  const std::size_t end = agent.find_first_of(";)", std::max(begin + 1, build == Text::npos ? 0 : build));
  const Text device = agent.substr(begin + 1, end == Text::npos ? end : end - begin - 1);
  return build == Text::npos && has(device, "/") ? Text() : device;
}

bool holds_a_bots_word(Text text) {
  while (!text.empty()) {
    const auto end = std::find_if_not(text.begin(), text.end(), word_character);
    const auto length = static_cast<std::size_t>(end - text.begin());
    if (length > 0 && (names_a_program(text) || ends_as_a_bot(text.substr(0, length)) || claims_to_be_compatible(text)))
      return true;
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return false;
}

}  // namespace

bool names_a_bot(std::string_view agent) {
  if (is_no_browser(agent) || gives_an_address(agent) || gives_a_domain(agent)) return true;
  const Text device = device_in(agent);
  const std::size_t begin = device.empty() ? agent.size() : static_cast<std::size_t>(device.data() - agent.data());
  return holds_a_bots_word(agent.substr(0, begin)) || holds_a_bots_word(agent.substr(begin + device.size()));
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
