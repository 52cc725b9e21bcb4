#include "app/check/gone.hpp"

#include <algorithm>

#include "app/check/landing.hpp"
#include "app/check/phrases.hpp"

namespace check {
namespace {

constexpr std::size_t kShortPage = 1500;   // bytes of a page that says nothing else
constexpr std::size_t kArticle = 900;      // bytes of long paragraphs: something to read, whatever its title
constexpr std::size_t kMaxHeadline = 140;  // bytes
constexpr std::size_t kNotice = 500;       // bytes behind the heading, where a page says that it is not there
constexpr std::size_t kMaxNamed = 40;      // bytes of a heading that says nothing else
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

bool has_availability(const Page& page, Availability availability) {
  const StructuredProduct* const product = main_product(page);
  return (product != nullptr && product->availability == availability) || page.data.meta == availability;
}

namespace {

// Has a product to show and to sell, so that odd words in its name say nothing.
bool sells(const Page& page) {
  const bool own_control = page.cart_controls > 0 && page.cart_controls < kManyControls;
  return has_availability(page, Availability::available) || own_control;
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
    if (!found && part.size() <= kMaxHeadline && missing_headline(part)) found = std::string(part);
  };
  std::vector<std::string_view> parts;
  each_part(page.title, [&](std::string_view part) { parts.push_back(part); });
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (i + 1 == parts.size() || !parts[i + 1].ends_with('?')) look(parts[i]);  // "Page not found: what to do?"
  for (const std::string& heading : page.headings) look(heading);
  if (!has_heading(page)) look(page.first_heading2);
  return found;
}

// Nothing but that, as in "404 - page not found"; "Page not found: what to do" is about such pages.
bool only_says_missing(std::string_view line) {
  bool all = !line.empty() && !line.ends_with('?');
  each_part(line, [&](std::string_view part) { all = all && (missing_headline(part) || part.size() <= 3); });
  return all;
}

// Both its title and its heading say it: then it matters not how much else there is.
bool named_missing(const Page& page) {
  if (page.headings.empty() || page.headings.front().size() > kMaxNamed) return false;
  bool title = false;
  each_part(page.title, [&](std::string_view part) { title = title || missing_headline(part).has_value(); });
  return title && only_says_missing(page.headings.front());
}

// A sentence of a page that has little else to say.
std::optional<std::string> sentence(const Page& page) {
  if (page.text.size() > kShortPage || main_product(page) != nullptr) return std::nullopt;
  const auto phrase = missing_phrase(page.text);
  if (!phrase || phrase->at > page.heading_offset + kNotice) return std::nullopt;
  if (phrase->at > page.first_cart || phrase->at > page.first_price) return std::nullopt;  // of a product
  if (phrase->product && phrase->unavailable && has_heading(page)) return std::nullopt;    // a product that is sold out
  return phrase->phrase;
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
  const bool sold_here = page.cart_controls > 0 || !page.data.products.empty();  // then the title names what is sold
  if (auto phrase = for_sale_phrase(page.title); phrase && !sold_here) return phrase;
  if (page.text.size() < kShortPage && page.data.products.empty())
    if (auto phrase = for_sale_phrase(page.text)) return phrase;
  if (sells(page) || page.data.article) return std::nullopt;
  if (named_missing(page) && page.prices == 0) return page.headings.front();
  if (page.prose > kArticle) return std::nullopt;
  const StructuredProduct* const product = main_product(page);
  if (product != nullptr && product->availability != Availability::unknown) return std::nullopt;
  if (auto line = headline(page)) return line;
  if (landing_of(url) == Landing::missing) return url.path();
  return sentence(page);
}

}  // namespace check
