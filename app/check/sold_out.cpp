#include "app/check/sold_out.hpp"

#include <algorithm>

#include "app/check/gone.hpp"
#include "app/check/landing.hpp"
#include "app/check/phrases.hpp"

namespace check {
namespace {

constexpr std::size_t kArticle = 3600;  // bytes of long paragraphs: something to read, whatever its labels say
constexpr std::size_t kBuyBox = 3000;   // bytes behind the heading, where shops say what can be bought
constexpr std::size_t kMaxLine = 120;   // bytes of a label that says it
constexpr std::size_t kAround = 25;     // bytes of other words behind it
constexpr std::size_t kShortLine = 60;  // a line that says what is sold out, for all that is in it
constexpr int kBadges = 4;              // of a list of products, each with its own
constexpr int kOthersControls = 3;      // carts: a list of other products
const std::vector<std::string> kNoHeadings;

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](auto each) { return text.starts_with(each); });
}

// "Sold out: how one band filled 40 stadiums" and "Sold out? Never again" are about something else.
bool ends_there(std::string_view behind, bool alone) {
  while (behind.starts_with(' ')) behind.remove_prefix(1);
  if (behind.find('?') != std::string_view::npos) return false;
  if (alone) return without_fillers(behind).empty();
  if (starts_with_any(behind, {".", "!", ";", ",", "(", "-", "|", "–", "—", "。", "！", "（"})) return true;
  return behind.size() <= kAround;
}

// Of the sentence that ends in the phrase.
std::string_view subject_of(std::string_view before) {
  for (const std::string_view end : {". ", "! ", "? "})
    if (const auto at = before.rfind(end); at != std::string_view::npos) before.remove_prefix(at + end.size());
  return without_fillers(before);
}

// "41", a size; but "19.90" and "41 kr" are prices.
bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789 /") == std::string_view::npos;
}

// What is sold out is what the page is about: its heading, or a word like "this item", or nothing is named.
bool is_product(std::string_view subject, const std::vector<std::string>& headings) {
  if (is_number(subject)) return false;
  if (names_nothing(subject)) return true;
  return std::any_of(headings.begin(), headings.end(), [&](const std::string& heading) {
    const std::size_t at = heading.size() > 2 ? subject.find(heading) : std::string_view::npos;
    if (at == std::string_view::npos) return subject.size() > 3 && heading.find(subject) != std::string::npos;
    return names_nothing(subject.substr(0, at)) && names_nothing(subject.substr(at + heading.size()));
  });
}

struct Found {
  std::optional<std::string> text;
  bool marked = false;   // a button says so, or where the shop says what is in stock, or "this product is ..."
  bool certain = false;  // the latter, before anything can be put into a cart
};

// Lines and buttons in the buy box. A row of a list, and a short line, is taken as a whole: it says what is sold out.
Found label_that_says_so(const Page& page) {
  Found found;
  if (page.headings.empty() && page.title.empty()) return found;
  int count = 0;
  std::size_t row_until = 0, line_until = 0;
  for (const Label& label : page.labels) {
    const bool near = label.offset >= page.heading_offset && label.offset - page.heading_offset < kBuyBox;
    if (label.stock && in_stock_phrase(label.text)) return {};
    if (!near || label.offset < row_until || (label.offset < line_until && !label.control)) continue;
    if (label.row) row_until = label.offset + label.size;
    if (label.size > kMaxLine || !sold_out_phrase(label.text)) continue;
    if (label.size <= kShortLine) line_until = label.offset + label.size;
    // A headline does not speak of another one.
    const auto& headings = label.headline ? kNoHeadings : page.headings;
    if (!sold_out_line(label.text, headings, label.headline)) continue;
    const bool others = label.availability || page.cart_controls >= kOthersControls;
    found.marked = found.marked || label.control || label.stock || speaks_of_itself(label.text);
    found.certain = found.certain || (label.stock && others && label.offset < page.first_cart);
    if (found.text && *found.text == label.text) continue;
    ++count;
    if (!found.text) found.text = label.text;
  }
  return count < kBadges ? found : Found{};
}

}  // namespace

bool sold_out_line(std::string_view line, const std::vector<std::string>& headings, bool alone) {
  const auto phrase = sold_out_phrase(line);
  if (!phrase || names_another_service(line)) return false;
  const std::size_t at = line.find(*phrase);
  return is_product(subject_of(line.substr(0, at)), headings) && ends_there(line.substr(at + phrase->size()), alone);
}

std::optional<std::string> sold_out_notice(const Page& page, const Url& url) {
  const StructuredProduct* const product = main_product(page);
  if (has_availability(page, Availability::available)) return std::nullopt;
  if (product != nullptr && product->availability == Availability::gone)
    return "availability of the product: out of stock";
  if (page.data.meta == Availability::gone) return "product:availability: out of stock";
  if (product == nullptr && (page.data.products.size() > 1 || page.data.list || landing_of(url) != Landing::page))
    return std::nullopt;
  if (page.data.article) return std::nullopt;
  const Found found = label_that_says_so(page);
  if (page.prose > kArticle && !found.marked) return std::nullopt;
  return page.cart_controls == 0 || found.certain ? found.text : std::nullopt;
}

}  // namespace check
