#include "app/check/page.hpp"

#include <algorithm>
#include <array>

#include "app/check/page_text.hpp"
#include "app/check/phrases.hpp"
#include "app/check/url.hpp"

namespace check {
namespace {

constexpr std::size_t kMaxText = 64 << 10;  // bytes of the main part
constexpr std::size_t kMaxLine = 300;       // of a title, a heading
constexpr std::size_t kMaxLabel = 160;
constexpr std::size_t kMaxRow = 600;
constexpr std::size_t kLabelNodes = 12, kRowNodes = 60;  // that one may hold
constexpr std::size_t kMaxLabels = 2000;
constexpr std::size_t kLongParagraph = 120;
constexpr std::size_t kMaxWork = 400'000;

// The class and the id.
std::string names_of(const HtmlNode& node) {
  if (node.attributes.empty()) return {};
  return lower_ascii(
      std::string(node.attribute("class").substr(0, 300)).append(" ").append(node.attribute("id").substr(0, 100)));
}

// Parts of words in classes and ids of what stands beside the matter of a page.
bool named_aside(const HtmlNode& node) {
  static constexpr std::array<std::string_view, 30> kAside{
      "related",    "recommend", "similar",  "upsell",     "up-sell",    "cross-sell", "crosssell", "also-",
      "alsobought", "carousel",  "review",   "comment",    "faq",        "footer",     "cookie",    "consent",
      "breadcrumb", "menu",      "navbar",   "navigation", "nav-",       "recently",   "sidebar",   "newsletter",
      "minicart",   "mini-cart", "testimon", "question",   "bestseller", "suggest"};
  const std::string name = names_of(node);
  const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
  return name.size() > 1 && std::any_of(kAside.begin(), kAside.end(), has);
}

bool is_aside(const HtmlNode& node) {
  static constexpr std::array<std::string_view, 6> kTags{"nav", "footer", "aside", "select", "datalist", "dialog"};
  if (node.tag.empty() || node.tag == "body" || node.tag == "html" || node.tag == "main") return false;
  return std::find(kTags.begin(), kTags.end(), node.tag) != kTags.end() || named_aside(node);
}

bool speaks_of_stock(const HtmlNode& node) {
  const std::string name = names_of(node);
  for (const std::string_view part : {"stock", "availab", "sold-out", "soldout", "sold_out"})
    if (name.find(part) != std::string::npos) return true;
  return false;
}

bool is_control(const HtmlNode& node) {
  if (node.tag == "button") return true;
  if (node.tag == "input") {
    const std::string type = lower_ascii(node.attribute("type"));
    return type == "submit" || type == "button";
  }
  if (node.tag != "a") return false;
  const std::string name = lower_ascii(node.attribute("class").substr(0, 300));
  return name.find("btn") != std::string::npos || name.find("button") != std::string::npos ||
         name.find("cart") != std::string::npos;
}

bool is_disabled(const HtmlNode& node) {
  return node.has("disabled") || lower_ascii(node.attribute("aria-disabled")) == "true" ||
         lower_ascii(node.attribute("class")).find("disabled") != std::string::npos;
}

bool is_block(std::string_view tag) {
  static constexpr std::array<std::string_view, 15> kBlocks{
      "p", "div", "span", "li", "tr", "td", "h1", "h2", "h3", "h4", "dd", "strong", "b", "label", "section"};
  return std::find(kBlocks.begin(), kBlocks.end(), tag) != kBlocks.end();
}

bool is_row(std::string_view tag) {
  return tag == "li" || tag == "tr";
}

bool is_headline(std::string_view tag) {
  return tag.size() == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6';
}

// "19.90", "€ 1.299,00", "19,90 EUR"; a number without cents needs its currency.
bool is_price(std::string_view text) {
  constexpr std::size_t kLongest = 24;
  if (text.size() > kLongest) return false;
  const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto letters = std::count_if(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (digits == 0 || letters > 3) return false;
  static constexpr std::array<std::string_view, 9> kCurrencies{"$", "€", "£", "¥", "￥", "kr", "zł", "kč", "円"};
  const auto has = [&](std::string_view currency) { return text.find(currency) != std::string_view::npos; };
  const std::size_t point = text.find_last_of(".,");
  const bool cents = point != std::string_view::npos && point > 0 && text.size() >= point + 3 &&
                     text[point + 1] >= '0' && text[point + 1] <= '9' && text[point + 2] >= '0' &&
                     text[point + 2] <= '9' &&
                     (text.size() == point + 3 || text[point + 3] < '0' || text[point + 3] > '9');
  return cents || std::any_of(kCurrencies.begin(), kCurrencies.end(), has);
}

class Reader {
 public:
  explicit Reader(const HtmlDocument& html) : html_(html) {}

  Page read() {
    read_head();
    read_main();
    page_.data = structured_data(html_);
    page_.empty = html_.nodes().size() <= 3 && page_.text.empty();
    return std::move(page_);
  }

 private:
  std::string line(std::size_t node, std::size_t max) const { return lower_text(visible_text(html_, node, max)); }

  void read_head() {
    for (std::size_t i = 0; i < html_.nodes().size(); ++i) {
      const HtmlNode& node = html_.nodes()[i];
      if (node.tag == "title" && page_.title.empty() && node.end > i + 1)
        page_.title = lower_text(one_line(html_.nodes()[i + 1].text.substr(0, kMaxLine)));
      if (node.tag == "meta" && lower_ascii(node.attribute("property")) == "og:type")
        page_.og_type = lower_ascii(node.attribute("content").substr(0, 100));
      if (node.tag == "input" && lower_ascii(node.attribute("type")) == "password") page_.asks_password = true;
      page_.has_scripts = page_.has_scripts || node.tag == "script";
    }
  }

  void read_main() {
    for (std::size_t i = 0; i < html_.nodes().size() && page_.text.size() < kMaxText;) {
      const HtmlNode& node = html_.nodes()[i];
      if (node.tag == "h1" && page_.headings.size() < 5 && affords(i)) heading(i);
      if (is_unseen(node) || is_aside(node)) {
        i = node.end;
        continue;
      }
      if (!node.tag.empty()) element(i);
      append_text(node.text);
      ++i;
    }
  }

  void append_text(std::string_view text) {
    if (text.empty()) return;
    const std::string words = lower_text(one_line(text.substr(0, kMaxText)));
    if (words.empty()) return;
    if (!page_.text.empty()) page_.text += ' ';
    page_.text += words;
  }

  // Elements that are in one another, each to be read as a whole, would take for ever.
  bool affords(std::size_t node) {
    work_ += html_.nodes()[node].end - node;
    return work_ <= kMaxWork;
  }

  void heading(std::size_t node) {
    std::string text = line(node, kMaxLine);
    if (text.empty()) return;
    if (page_.headings.empty()) page_.heading_offset = page_.text.size();
    page_.headings.push_back(std::move(text));
  }

  void element(std::size_t index) {
    const HtmlNode& node = html_.nodes()[index];
    if (node.tag == "h2" && page_.first_heading2.empty() && affords(index))
      page_.first_heading2 = line(index, kMaxLine);
    const bool control = is_control(node);
    if ((node.tag == "p" || control) && !affords(index)) return;
    if (node.tag == "p") {
      const std::size_t size = line(index, 4096).size();
      if (size > kLongParagraph) page_.prose += size;
    }
    if ((!control && !is_block(node.tag)) || page_.labels.size() == kMaxLabels) return;
    const bool row = is_row(node.tag);
    if (!control && node.end - index > (row ? kRowNodes : kLabelNodes)) return;
    std::string text = control && node.tag == "input" ? lower_text(node.attribute("value").substr(0, kMaxLabel + 1))
                                                      : line(index, row ? kMaxRow : kMaxLabel + 1);
    const std::size_t size = text.size();
    if (size == 0 || (size > kMaxLabel && !row)) return;
    text.resize(std::min(size, kMaxLabel));
    if (control && !is_disabled(node)) count_control(node, text);
    if (!control && !row && is_price(text) && ++page_.prices == 1) page_.first_price = page_.text.size();
    page_.labels.push_back({.text = std::move(text),
                            .offset = page_.text.size(),
                            .size = size,
                            .control = control,
                            .headline = is_headline(node.tag),
                            .row = row,
                            .stock = speaks_of_stock(node),
                            .availability = node.attribute("id") == "availability"});
  }

  void count_control(const HtmlNode& node, const std::string& text) {
    if (!adds_to_cart(text) && node.attribute("name") != "add-to-cart") return;
    ++page_.cart_controls;
    page_.first_cart = std::min(page_.first_cart, page_.text.size());
  }

  const HtmlDocument& html_;
  Page page_;
  std::size_t work_ = 0;  // nodes that were gone through for texts of elements
};

}  // namespace

Page read_page(const HtmlDocument& html) {
  return Reader(html).read();
}

}  // namespace check
