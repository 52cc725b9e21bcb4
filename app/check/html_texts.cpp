#include "app/check/html_texts.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/base/text.hpp"
#include "app/check/url.hpp"

namespace check {
namespace {

// Marks are the private characters U+100000 and on, of which all begin with this byte in UTF-8 and no others do. A page
// that has some of its own is left as it is.
constexpr char kMark = '\xF4';
constexpr std::size_t kMarkSize = 4;
constexpr std::size_t kMaxMarks = 65'534;
constexpr std::size_t kShortText = 8;  // bytes; a mark would save next to nothing

constexpr std::string_view kSpaces = " \t\n\f\r";

// What is in them ends with their own end tag. References are read in the last two. (<iframe> and its like are as well
// left to the parser: in a <select> it does not heed them.)
constexpr std::array<std::string_view, 4> kRaw{"script", "style", "title", "textarea"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_space(char c) {
  return kSpaces.find(c) != std::string_view::npos;
}

std::string mark_of(std::size_t number) {
  const auto byte = [&](std::size_t high, std::size_t bits) {
    return static_cast<char>(high | (number >> bits & 0x3F));
  };
  return {kMark, static_cast<char>(0x80 | number >> 12), byte(0x80, 6), byte(0x80, 0)};
}

std::size_t number_of(std::string_view mark) {
  const auto bits = [&](std::size_t i) { return static_cast<std::size_t>(mark[i] & 0x3F); };
  return (bits(1) & 0x0F) << 12 | bits(2) << 6 | bits(3);
}

// A script may hold "<!--" and, behind it, "<script": then its own end tag is not the first one.
bool may_hide_its_end(std::string_view script) {
  const std::size_t comment = script.find("<!--");
  return comment != std::string_view::npos && lower_ascii(script.substr(comment)).find("<script") != std::string::npos;
}

}  // namespace

HtmlTexts::HtmlTexts(std::string_view html) : html_(html) {
  marked_.reserve(html.size() / 2);
  if (html.find(kMark) == std::string_view::npos) scan();
  copy_to(html_.size());
}

void HtmlTexts::scan() {
  while (position_ < html_.size()) {
    if (html_[position_] == '<')
      markup();
    else if (html_[position_] == '&')
      reference();
    else
      text();
  }
}

std::size_t HtmlTexts::behind(std::string_view end, std::size_t from) const {
  const std::size_t found = html_.find(end, from);
  return found == std::string_view::npos ? html_.size() : found + end.size();
}

void HtmlTexts::copy_to(std::size_t end) {
  end = std::min(end, html_.size());
  marked_ += html_.substr(position_, end - position_);
  position_ = end;
}

void HtmlTexts::mark_to(std::size_t end) {
  const std::string_view text = html_.substr(position_, end - position_);
  if (text.size() < kShortText || texts_.size() == kMaxMarks || text.find('\0') != std::string_view::npos ||
      !base::valid_utf8(text))
    return copy_to(end);
  marked_ += mark_of(texts_.size());
  texts_.push_back(text);
  position_ = end;
}

// A space in front of a text may come to stand in another element than the text, so one stays.
void HtmlTexts::text() {
  const std::size_t end = std::min(html_.find_first_of("<&", position_), html_.size());
  const std::size_t begin = std::min(html_.find_first_not_of(kSpaces, position_), end);
  if (begin > position_) marked_ += ' ';
  position_ = begin;
  mark_to(end);
}

// "&amp;", or what a browser takes for it without the semicolon.
void HtmlTexts::reference() {
  std::size_t end = position_ + 1;
  while (is_letter(at(end)) || (at(end) >= '0' && at(end) <= '9') || at(end) == '#' || at(end) == ';') ++end;
  copy_to(end);
}

void HtmlTexts::markup() {
  const char next = at(position_ + 1);
  if (is_letter(next) || (next == '/' && is_letter(at(position_ + 2)))) return tag();
  if (next == '!') return declaration();
  if (html_.substr(position_).starts_with("</>"))
    position_ += 3;  // is nothing, but confuses the parser in a drawing
  else
    copy_to(next == '?' || next == '/' ? behind(">", position_) : position_ + 1);
}

void HtmlTexts::declaration() {
  const std::string_view rest = html_.substr(position_);
  if (rest.starts_with("<![")) return copy_to(html_.size());
  if (!rest.starts_with("<!--")) return copy_to(behind(">", position_));
  marked_ += "<!>";  // a comment, too: it keeps apart what stands around it
  position_ = end_of_comment();
}

std::size_t HtmlTexts::end_of_comment() const {
  const std::string_view rest = html_.substr(position_);
  if (rest.starts_with("<!-->") || rest.starts_with("<!--->")) return behind(">", position_);
  const std::size_t end = behind("-->", position_ + 4);
  const std::size_t other = html_.substr(0, end).find("--!>", position_ + 4);
  return other == std::string_view::npos ? end : other + 4;
}

void HtmlTexts::tag() {
  const auto [end, closes_itself] = end_of_tag();
  const std::size_t name_end = std::min(html_.find_first_of(" \t\n\f\r/>", position_ + 1), end);
  const std::string name = lower_ascii(html_.substr(position_ + 1, name_end - position_ - 1));
  if (name == "plaintext") return copy_to(html_.size());
  copy_to(end);
  if (!closes_itself && std::find(kRaw.begin(), kRaw.end(), name) != kRaw.end()) raw_text(name);
}

HtmlTexts::TagEnd HtmlTexts::end_of_tag() const {
  std::size_t i = html_.find_first_of(" \t\n\f\r/>", position_ + 1);
  const auto skip_to = [&](std::string_view stops) { i = html_.find_first_of(stops, i); };
  const auto skip = [&](std::string_view skipped) { i = html_.find_first_not_of(skipped, i); };
  while (i < html_.size()) {
    const std::size_t before = i;
    skip(" \t\n\f\r/");
    if (i >= html_.size()) break;
    if (html_[i] == '>') return {i + 1, i > before && html_[i - 1] == '/'};
    ++i;  // of a name, even '='
    skip_to(" \t\n\f\r/>=");
    if (i >= html_.size()) break;
    if (is_space(html_[i])) skip(kSpaces);
    if (at(i) != '=') continue;
    ++i;
    skip(kSpaces);
    if (i >= html_.size()) break;
    const char quote = html_[i];
    if (quote == '"' || quote == '\'') {
      i = html_.find(quote, i + 1);
      if (i >= html_.size()) break;
      ++i;
    } else if (quote != '>') {
      skip_to(" \t\n\f\r>");
    }
  }
  return {html_.size(), false};
}

std::size_t HtmlTexts::end_tag_of(std::string_view name) const {
  for (std::size_t i = html_.find("</", position_); i < html_.size(); i = html_.find("</", i + 2)) {
    const char behind = at(i + 2 + name.size());
    if ((is_space(behind) || behind == '/' || behind == '>') && lower_ascii(html_.substr(i + 2, name.size())) == name)
      return i;
  }
  return html_.size();
}

void HtmlTexts::raw_text(std::string_view name) {
  const std::size_t end = end_tag_of(name);
  const std::string_view content = html_.substr(position_, end - position_);
  if (end == html_.size() || (name == "script" && may_hide_its_end(content))) return copy_to(html_.size());
  const bool references = (name == "title" || name == "textarea") && content.find('&') != std::string_view::npos;
  if (references || content.find_first_not_of(kSpaces) == std::string_view::npos) return copy_to(end);
  mark_to(end);
}

// Once for each: a page can make marks by references ("&#x100000;"), and is not to grow by them.
std::string_view HtmlTexts::take(std::string_view mark) {
  const std::size_t number = number_of(mark);
  return number < texts_.size() ? std::exchange(texts_[number], {}) : std::string_view();
}

std::string_view HtmlTexts::restored(std::string_view parsed) {
  std::size_t mark = parsed.find(kMark);
  if (mark == std::string_view::npos || texts_.empty()) return parsed;
  if (parsed.size() == kMarkSize) return take(parsed);
  std::string& joined = joined_.emplace_back();
  std::size_t begin = 0;
  for (; mark != std::string_view::npos; mark = parsed.find(kMark, begin)) {
    joined += parsed.substr(begin, mark - begin);
    joined += take(parsed.substr(mark, kMarkSize));
    begin = mark + kMarkSize;
  }
  joined += parsed.substr(begin);
  return joined;
}

}  // namespace check
