#include "app/check/structured_data.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "app/check/json_ld.hpp"
#include "app/check/page_text.hpp"
#include "app/check/url.hpp"

namespace check {
namespace {

constexpr std::size_t kMaxProducts = 200;
constexpr std::size_t kMaxName = 300;    // bytes
constexpr std::size_t kMaxNodes = 1000;  // of one that is read as a text
constexpr int kMaxTexts = 2000;          // properties whose value is a text

// For each node the innermost element that it is inside of and that is an item; the root's index if there is none.
std::vector<std::uint32_t> items_around(const HtmlDocument& page) {
  const auto& nodes = page.nodes();
  std::vector<std::uint32_t> around(nodes.size());
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    const std::uint32_t parent = nodes[i].parent;
    around[i] = parent == 0 || nodes[parent].has("itemscope") ? parent : around[parent];
  }
  return around;
}

bool has_type(const HtmlNode& node, std::string_view type) {
  const std::string_view types = node.attribute("itemtype");
  const std::size_t at = types.find(type);
  return at != std::string_view::npos && at + type.size() == types.size() && at > 0 && types[at - 1] == '/';
}

bool is_product(const HtmlNode& node) {
  return has_type(node, "Product") || has_type(node, "ProductGroup") || has_type(node, "IndividualProduct");
}

// Of the item that a node is a property of: the product, be it that an offer is between. The root's index: none.
std::size_t product_around(const HtmlDocument& page, const std::vector<std::uint32_t>& around, std::size_t node) {
  for (int steps = 0; steps < 8 && node != 0; ++steps) {
    node = around[node];
    if (is_product(page.nodes()[node])) return node;
  }
  return 0;
}

std::string_view property_value(const HtmlNode& node) {
  if (node.has("content")) return node.attribute("content");
  return node.attribute("href");
}

// A product in another's, or in a list, is not what the page is about.
bool is_main_item(const HtmlDocument& page, std::size_t item) {
  const HtmlNode& node = page.nodes()[item];
  return !node.has("itemprop") || node.attribute("itemprop") == "mainEntity";
}

void read_microdata(const HtmlDocument& page, StructuredData& data) {
  std::vector<std::size_t> items;
  const auto around = items_around(page);
  int texts = 0;
  for (std::size_t i = 0; i < page.nodes().size() && items.size() < kMaxProducts; ++i) {
    const HtmlNode& node = page.nodes()[i];
    if (is_product(node) && is_main_item(page, i)) {
      items.push_back(i);
      data.products.push_back({});
    }
    for (const std::string_view list : {"CollectionPage", "ItemList", "SearchResultsPage", "OfferCatalog"})
      data.list = data.list || (has_type(node, list) && !node.has("itemprop"));
    const std::string_view property = node.attribute("itemprop");
    if (items.empty() || (property != "name" && property != "availability")) continue;
    if (product_around(page, around, i) != items.back()) continue;
    StructuredProduct& product = data.products.back();
    std::string value(property_value(node));
    if (value.empty() && texts++ < kMaxTexts) value = visible_text(page, i, kMaxName, kMaxNodes);
    if (property == "availability") {
      const Availability found = availability_of(value);
      if (product.availability != Availability::available) product.availability = found;
    } else if (product.name.empty() && around[i] == items.back()) {
      product.name = value.substr(0, kMaxName);
    }
  }
}

void read_json_ld(const HtmlDocument& page, StructuredData& data) {
  for (std::size_t i = 0; i < page.nodes().size(); ++i) {
    const HtmlNode& node = page.nodes()[i];
    if (node.tag != "script" || lower_ascii(node.attribute("type")).find("ld+json") == std::string::npos) continue;
    for (std::size_t text = i + 1; text < node.end; ++text) add_json_ld(page.nodes()[text].text, data);
  }
}

void read_meta(const HtmlDocument& page, StructuredData& data) {
  for (const HtmlNode& node : page.nodes()) {
    if (node.tag != "meta") continue;
    const std::string property =
        lower_ascii(node.has("property") ? node.attribute("property") : node.attribute("name"));
    if (property == "product:availability" || property == "og:availability")
      data.meta = availability_of(node.attribute("content"));
    if (property == "og:type" && lower_ascii(node.attribute("content")) == "article") data.article = true;
  }
}

}  // namespace

StructuredData structured_data(const HtmlDocument& page) {
  StructuredData data;
  read_json_ld(page, data);
  read_microdata(page, data);
  read_meta(page, data);
  return data;
}

Availability availability_of(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kGone{"outofstock", "soldout", "discontinued", "oos",
                                                         "notavailable"};
  static constexpr std::array<std::string_view, 11> kAvailable{
      "instock",   "instoreonly", "limitedavailability", "onlineonly", "preorder",         "presale",
      "backorder", "madetoorder", "available",           "pending",    "availablefororder"};
  text = text.substr(text.rfind('/') + 1);
  std::string word;
  for (const char c : lower_ascii(text.substr(0, 60)))
    if (c >= 'a' && c <= 'z') word += c;
  const auto is = [&](const auto& words) { return std::find(words.begin(), words.end(), word) != words.end(); };
  return is(kGone) ? Availability::gone : is(kAvailable) ? Availability::available : Availability::unknown;
}

}  // namespace check
