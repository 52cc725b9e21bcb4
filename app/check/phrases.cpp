#include "app/check/phrases.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "app/check/phrase_lists.hpp"

namespace check {
namespace {

using Words = std::vector<std::string_view>;

Words words_of(std::string_view list) {
  Words words;
  while (!list.empty()) {
    words.push_back(list.substr(0, list.find('|')));
    list.remove_prefix(std::min(list.size(), words.back().size() + 1));
  }
  return words;
}

const Words kPages = words_of(phrase_lists::kPages);
const Words kProducts = words_of(phrase_lists::kProducts);
const Words kMissing = words_of(phrase_lists::kMissing);
const Words kUnavailable = words_of(phrase_lists::kUnavailable);
const Words kHeadlines = words_of(phrase_lists::kHeadlines);
const Words kSoldOut = words_of(phrase_lists::kSoldOut);
const Words kInStock = words_of(phrase_lists::kInStock);
const Words kCart = words_of(phrase_lists::kCart);
const Words kBesides = words_of(phrase_lists::kBesides);
const Words kNeutral = words_of(phrase_lists::kNeutral);
const Words kThis = words_of(phrase_lists::kThis);
const Words kNeutralWide = words_of(phrase_lists::kNeutralWide);
const Words kWalls = words_of(phrase_lists::kWalls);
const Words kWallsAlone = words_of(phrase_lists::kWallsAlone);
const Words kForSale = words_of(phrase_lists::kForSale);
const Words kInterstitials = words_of(phrase_lists::kInterstitials);
const Words kSearches = words_of(phrase_lists::kSearches);

std::optional<std::string> owned(std::optional<std::string_view> phrase) {
  return phrase ? std::optional<std::string>(*phrase) : std::nullopt;
}

bool letter(std::string_view text, std::size_t at) {
  return at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || static_cast<unsigned char>(text[at]) >= 0x80);
}

// At the beginning of a word, where the script has spaces.
bool holds(std::string_view text, std::string_view phrase) {
  const bool wide = static_cast<unsigned char>(phrase[0]) >= 0xE0;
  for (std::size_t at = text.find(phrase); at != std::string_view::npos; at = text.find(phrase, at + 1))
    if (wide || at == 0 || !letter(text, at - 1)) return true;
  return false;
}

std::optional<std::string_view> find_in(std::string_view text, const Words& phrases) {
  for (const std::string_view phrase : phrases)
    if (holds(text, phrase)) return phrase;
  return std::nullopt;
}

constexpr std::size_t kMaxGap = 60;  // bytes between a thing and what is wrong with it

// One of the things stands near `at`, in the same sentence. Beginnings of words count: "pages", "Produkte".
bool thing_near(std::string_view text, std::size_t at, std::size_t size, const Words& things) {
  const std::size_t first = at > kMaxGap ? at - kMaxGap : 0;
  std::string_view near = text.substr(first, at - first + size + kMaxGap);
  std::size_t skipped = first;
  const std::size_t sentence = near.substr(0, at - first).find_last_of(".!?");
  if (sentence != std::string_view::npos) {
    near.remove_prefix(sentence + 1);
    skipped += sentence + 1;
  }
  near = near.substr(0, near.find_first_of(".!?", at - skipped));
  return std::any_of(things.begin(), things.end(), [&](std::string_view thing) { return holds(near, thing); });
}

// "Page not found? Our plugin helps."
bool is_asked(std::string_view text, std::size_t behind) {
  const std::size_t end = text.find_first_of(".!?", behind);
  return end != std::string_view::npos && text[end] == '?' && end - behind <= kMaxGap;
}

std::optional<MissingPhrase> first_with_thing(std::string_view text, const Words& phrases, bool unavailable) {
  for (const std::string_view phrase : phrases) {
    const std::size_t at = text.find(phrase);
    if (at == std::string_view::npos || is_asked(text, at + phrase.size())) continue;
    const bool page = thing_near(text, at, phrase.size(), kPages);
    if (page || thing_near(text, at, phrase.size(), kProducts))
      return MissingPhrase{std::string(phrase), at, !page, unavailable};
  }
  return std::nullopt;
}

bool is_neutral(std::string_view word) {
  if (word.empty() || static_cast<unsigned char>(word[0]) == 0xE2) return true;  // a dash, a currency
  if (static_cast<unsigned char>(word[0]) > 0xE2) return find_in(word, kNeutralWide).has_value();
  const auto begins = [&](std::string_view thing) {
    return word.starts_with(thing) && word.size() <= thing.size() + 2;
  };
  return std::find(kNeutral.begin(), kNeutral.end(), word) != kNeutral.end() ||
         std::any_of(kProducts.begin(), kProducts.end(), begins);
}

bool is_letter_of_word(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80 || c == '\'';
}

}  // namespace

std::string_view without_fillers(std::string_view text) {
  static constexpr std::string_view kFillers[] = {"oops",   "ooops",  "sorry",       "whoops", "uh oh", "uh-oh",
                                                  "hoppla", "ups",    "oh no",       "error",  "we're", "we are",
                                                  "désolé", "leider", "lo sentimos", "ops",    "hmm",   "oh"};
  for (bool again = true; again;) {
    again = false;
    while (!text.empty() && std::string_view(" ,.!:;-?()\"'*").find(text.front()) != std::string_view::npos)
      text.remove_prefix(1);
    while (!text.empty() && std::string_view(" ,.!:;-?()\"'*").find(text.back()) != std::string_view::npos)
      text.remove_suffix(1);
    for (const std::string_view filler : kFillers)
      if (text.starts_with(filler) && !letter(text, filler.size()) && text.size() > filler.size()) {
        text.remove_prefix(filler.size());
        again = true;
      }
  }
  return text;
}

namespace {

// What comes behind, in UTF-8: Latin-1, Latin Extended-A, Greek and Cyrillic capitals are made small.
std::size_t append_lower(std::string_view text, std::string& lower) {
  const auto first = static_cast<unsigned char>(text[0]);
  const auto second = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0U;
  if (text.starts_with("\xE2\x80\x99") || text.starts_with("\xE2\x80\x98")) return lower += '\'', 3;
  if (first == 0xC2 && second == 0xA0) return lower += ' ', 2;
  unsigned code = (first & 0x1FU) << 6 | (second & 0x3FU);
  if (first < 0xC3 || first > 0xD1 || (second & 0xC0U) != 0x80) return lower += text[0], 1;
  const bool latin1 = code >= 0xC0 && code <= 0xDE && code != 0xD7;
  const bool greek = code >= 0x391 && code <= 0x3A9;
  if (latin1 || greek || (code >= 0x410 && code <= 0x42F)) code += 0x20;
  const bool odd_small = (code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177);
  if (odd_small && code != 0x130) code |= 1;
  if (((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E)) && code % 2 == 1) code += 1;
  lower += static_cast<char>(0xC0 | code >> 6);
  lower += static_cast<char>(0x80 | (code & 0x3F));
  return 2;
}

}  // namespace

std::string lower_text(std::string_view text) {
  std::string lower;
  lower.reserve(text.size());
  while (!text.empty()) {
    const auto* end =
        std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    const auto ascii = static_cast<std::size_t>(end - text.begin());
    const std::size_t begin = lower.size();
    lower.append(text, 0, ascii);
    for (std::size_t i = begin; i < lower.size(); ++i)
      if (lower[i] >= 'A' && lower[i] <= 'Z') lower[i] = static_cast<char>(lower[i] + ('a' - 'A'));
    text.remove_prefix(ascii);
    if (!text.empty()) text.remove_prefix(std::min(append_lower(text, lower), text.size()));
  }
  return lower;
}

void append_line(std::string& line, std::string_view text) {
  const auto space = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty()) {
    const auto* end = std::find_if(text.begin(), text.end(), space);
    line.append(text, 0, static_cast<std::size_t>(end - text.begin()));
    const auto* next = std::find_if_not(end, text.end(), space);
    if (next != end && !line.empty() && line.back() != ' ') line += ' ';
    text.remove_prefix(static_cast<std::size_t>(next - text.begin()));
  }
}

std::string one_line(std::string_view text) {
  std::string line;
  append_line(line, text);
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::optional<MissingPhrase> missing_phrase(std::string_view text) {
  if (auto missing = first_with_thing(text, kMissing, false)) return missing;
  return first_with_thing(text, kUnavailable, true);
}

std::optional<MissingPhrase> missing_headline(std::string_view text) {
  const std::string_view words = without_fillers(text);
  for (const std::string_view headline : kHeadlines)
    if (words == headline) return MissingPhrase{.phrase = std::string(text)};
  auto phrase = missing_phrase(text);
  if (phrase) phrase->phrase = text;
  return phrase;
}

std::optional<std::string> sold_out_phrase(std::string_view text) {
  return owned(find_in(text, kSoldOut));
}

bool names_nothing(std::string_view subject) {
  while (!subject.empty()) {
    const auto* const begin = std::find_if(subject.begin(), subject.end(), is_letter_of_word);
    const auto* const end = std::find_if_not(begin, subject.end(), is_letter_of_word);
    const std::string_view word(begin, static_cast<std::size_t>(end - begin));
    if (!is_neutral(word)) return false;
    subject.remove_prefix(static_cast<std::size_t>(end - subject.begin()));
  }
  return true;
}

bool speaks_of_itself(std::string_view line) {
  const std::string_view words = without_fillers(line);
  return std::any_of(kThis.begin(), kThis.end(), [&](std::string_view each) { return words.starts_with(each); });
}

bool names_another_service(std::string_view line) {
  return find_in(line, kBesides).has_value();
}

bool in_stock_phrase(std::string_view text) {
  return !sold_out_phrase(text) && std::any_of(kInStock.begin(), kInStock.end(),
                                               [&](std::string_view phrase) { return text.starts_with(phrase); });
}

bool search_phrase(std::string_view line) {
  return std::any_of(kSearches.begin(), kSearches.end(),
                     [&](std::string_view phrase) { return line.starts_with(phrase); });
}

bool adds_to_cart(std::string_view label) {
  constexpr std::size_t kPlain = 9;  // bytes from which on a phrase means nothing else, wherever it stands
  return std::any_of(kCart.begin(), kCart.end(), [&](std::string_view phrase) {
    return label.starts_with(phrase) || (phrase.size() >= kPlain && label.find(phrase) != std::string_view::npos);
  });
}

std::optional<std::string> robot_wall_phrase(std::string_view text, bool alone) {
  if (const auto phrase = find_in(text, kWalls)) return std::string(*phrase);
  if (!alone) return std::nullopt;
  for (const std::string_view phrase : kWallsAlone)
    if (const auto words = without_fillers(text); words.starts_with(phrase)) {
      const std::string_view behind = words.substr(phrase.size());
      if (behind.empty() || behind.find_first_of("|-:.,!\xE2") <= 1) return std::string(phrase);
    }
  return std::nullopt;
}

std::optional<std::string> for_sale_phrase(std::string_view text) {
  return owned(find_in(text, kForSale));
}

std::optional<std::string> interstitial_phrase(std::string_view text) {
  return owned(find_in(text, kInterstitials));
}

}  // namespace check
