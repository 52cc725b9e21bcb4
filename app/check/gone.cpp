#include "app/check/gone.hpp"

#include <algorithm>

#include "app/check/landing.hpp"
#include "app/check/phrases.hpp"

namespace check {
namespace {

constexpr std::size_t kShortPage = 1500;   // bytes of a page that says nothing else
constexpr std::size_t kArticle = 900;      // bytes of long paragraphs: something to read, whatever its title
constexpr std::size_t kMaxHeadline = 140;  // bytes
constexpr std::size_t kBuyBox = 3000;      // bytes behind the heading, where shops say what can be bought
constexpr int kManyControls = 3;           // carts on one page: a list of other products

}  // namespace

const StructuredProduct* main_product(const Page& page) {
  const auto& products = page.data.products;
  if (products.empty()) return nullptr;
  const auto named = [&](const StructuredProduct& product) {
    const std::string name = lower_text(one_line(product.name));
    if (name.size() < 3) return false;
    const auto holds = [&](const std::string& line) {
      return line.find(name) != std::string::npos || (line.size() > 8 && name.find(line) != std::string::npos);
    };
    return holds(page.title) || std::any_of(page.headings.begin(), page.headings.end(), holds);
  };
  // The same product may be described twice: by JSON-LD and in the page. What can be had decides.
  const StructuredProduct* main = nullptr;
  for (const StructuredProduct& product : products)
    if (named(product) && (main == nullptr || product.availability == Availability::available ||
                           main->availability == Availability::unknown))
      main = &product;
  return main == nullptr && products.size() == 1 ? &products.front() : main;
}

namespace {

bool is_available(const Page& page) {
  const StructuredProduct* const product = main_product(page);
  return (product != nullptr && product->availability == Availability::available) ||
         page.data.meta == Availability::available;
}

// Has a product to show and to sell, so that odd words in its name say nothing.
bool sells(const Page& page) {
  const bool own_control = page.cart_controls > 0 && page.cart_controls < kManyControls;
  return is_available(page) || own_control;
}

// One with words in it: not ":(" alone.
bool has_heading(const Page& page) {
  const auto words = [](const std::string& heading) { return heading.size() > 3; };
  return std::any_of(page.headings.begin(), page.headings.end(), words);
}

// The parts of a title: "Page not found | Shop".
template <typename Visit>
void each_part(std::string_view title, const Visit& visit) {
  static constexpr std::string_view kSeparators[] = {
      " | ",  " - ", " \xE2\x80\x93 ", " \xE2\x80\x94 ", " \xC2\xB7 ", " \xE2\x80\xA2 ", ": ", " \xC2\xBB ",
      " // ", "|"};
  while (!title.empty()) {
    std::size_t end = title.size();
    std::size_t width = 0;
    for (const std::string_view separator : kSeparators)
      if (const std::size_t at = title.find(separator); at < end) {
        end = at;
        width = separator.size();
      }
    visit(title.substr(0, end));
    title.remove_prefix(end + width);
  }
}

std::optional<std::string> headline(const Page& page) {
  std::optional<std::string> found;
  const auto look = [&](std::string_view part) {
    if (found || part.size() > kMaxHeadline) return;
    if (const auto phrase = missing_headline(part)) found = std::string(part);
  };
  each_part(page.title, look);
  for (const std::string& heading : page.headings) look(heading);
  if (!has_heading(page)) look(page.first_heading2);
  return found;
}

// A sentence of a page that has little else to say.
std::optional<std::string> sentence(const Page& page) {
  if (page.text.size() > kShortPage || main_product(page) != nullptr) return std::nullopt;
  const auto phrase = missing_phrase(page.text);
  if (!phrase) return std::nullopt;
  if (phrase->product && phrase->unavailable && has_heading(page)) return std::nullopt;  // a product that is sold out
  return phrase->phrase;
}

// A button or a line in the buy box that says so, where nothing can be put into a cart.
std::optional<std::string> sold_out_label(const Page& page) {
  if (page.headings.empty() && page.title.empty()) return std::nullopt;
  std::optional<std::string> found;
  int count = 0;
  for (const Label& label : page.labels) {
    const bool near = label.offset >= page.heading_offset && label.offset - page.heading_offset < kBuyBox;
    if (label.stock && in_stock_phrase(label.text)) return std::nullopt;
    if (!near || label.text.size() > 120) continue;
    const auto phrase = sold_out_phrase(label.text);
    if (!phrase) continue;
    const bool telling = label.control || label.stock || sold_out_line(label.text);
    if (!telling || (found && *found == label.text)) continue;
    ++count;
    if (!found) found = label.text;
  }
  constexpr int kBadges = 4;  // of a list of products, each with its own
  return count < kBadges ? found : std::nullopt;
}

}  // namespace

std::optional<Landing> landing_seen(const Page& page) {
  if (main_product(page) != nullptr || page.og_type.find("product") != std::string::npos) return std::nullopt;
  const auto searches = [](const std::string& line) { return search_phrase(line); };
  if (searches(page.title) || std::any_of(page.headings.begin(), page.headings.end(), searches)) return Landing::search;
  if (page.data.list || page.data.products.size() > 1 || page.cart_controls > kManyControls) return Landing::category;
  return std::nullopt;
}

std::optional<std::string> missing_notice(const Page& page, const Url& url) {
  if (auto phrase = for_sale_phrase(page.title); phrase && page.cart_controls == 0) return phrase;
  if (page.text.size() < kShortPage && page.data.products.empty())
    if (auto phrase = for_sale_phrase(page.text)) return phrase;
  if (sells(page) || page.data.article || page.prose > kArticle) return std::nullopt;
  if (auto line = headline(page)) return line;
  if (landing_of(url) == Landing::missing) return url.path();
  return sentence(page);
}

std::optional<std::string> sold_out_notice(const Page& page, const Url& url) {
  const StructuredProduct* const product = main_product(page);
  if (is_available(page)) return std::nullopt;
  if (product != nullptr && product->availability == Availability::gone)
    return "availability of the product: out of stock";
  if (page.data.meta == Availability::gone) return "product:availability: out of stock";
  if (product == nullptr && (page.data.products.size() > 1 || page.data.list || landing_of(url) != Landing::page))
    return std::nullopt;
  if (page.cart_controls > 0 || page.data.article || page.prose > 4 * kArticle) return std::nullopt;
  return sold_out_label(page);
}

}  // namespace check
