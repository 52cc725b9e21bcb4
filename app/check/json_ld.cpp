#include "app/check/json_ld.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "app/base/text.hpp"
#include "app/check/url.hpp"
#include "app/http/json_value.hpp"
#include "app/http/problem.hpp"

namespace check {
namespace {

using http::JsonArray;
using http::JsonObject;
using http::JsonValue;

constexpr std::size_t kMaxBytes = 256 << 10;
constexpr std::size_t kMaxProducts = 200;
constexpr std::size_t kMaxName = 300;  // bytes
constexpr int kMaxDepth = 8;

// Shops write line breaks into texts, which JSON forbids, and keep XML's parsers out.
std::string mended(std::string_view text) {
  constexpr std::string_view kBegin = "<![CDATA[", kEnd = "]]>";
  if (const std::size_t at = text.find(kBegin); at < 16) {
    text.remove_prefix(at + kBegin.size());
    text = text.substr(0, text.rfind(kEnd));
    while (text.ends_with('/') || text.ends_with('*') || text.ends_with(' ') || text.ends_with('\n'))
      text.remove_suffix(1);
    while (text.starts_with('*') || text.starts_with('/')) text.remove_prefix(1);
  }
  std::string clean(text);
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  while (!clean.empty() && (clean.back() == ' ' || clean.back() == ';')) clean.pop_back();
  return clean;
}

std::optional<JsonValue> parse(std::string_view text) {
  if (text.size() > kMaxBytes) return std::nullopt;
  try {
    return http::parse_json(mended(text));
  } catch (const http::Problem&) {
    return std::nullopt;
  }
}

const JsonValue* member(const JsonObject& object, std::string_view name) {
  const auto found =
      std::find_if(object.begin(), object.end(), [&](const http::JsonMember& m) { return m.name == name; });
  return found == object.end() ? nullptr : &found->value;
}

std::string text_of(const JsonObject& object, std::string_view name) {
  const JsonValue* const value = member(object, name);
  const std::string* const text = value == nullptr ? nullptr : value->as<std::string>();
  return text == nullptr ? std::string() : base::shorten(*text, kMaxName);
}

// Calls `visit` with each object that a value is, or is a list of.
template <typename Visit>
void each_object(const JsonValue* value, const Visit& visit) {
  if (value == nullptr) return;
  if (const auto* object = value->as<JsonObject>()) return visit(*object);
  if (const auto* array = value->as<JsonArray>())
    for (const JsonValue& item : *array)
      if (const auto* object = item.as<JsonObject>()) visit(*object);
}

template <std::size_t size>
bool has_type(const JsonObject& object, const std::array<std::string_view, size>& types) {
  const auto fits = [&](const JsonValue& value) {
    const std::string* const text = value.as<std::string>();
    if (text == nullptr) return false;
    const std::string_view type = std::string_view(*text).substr(text->rfind('/') + 1);
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  const JsonValue* const type = member(object, "@type");
  if (type == nullptr) return false;
  const auto* const several = type->as<JsonArray>();
  return several == nullptr ? fits(*type) : std::any_of(several->begin(), several->end(), fits);
}

constexpr std::array<std::string_view, 8> kProducts{"Product", "ProductGroup", "IndividualProduct",   "ProductModel",
                                                    "Vehicle", "Car",          "SoftwareApplication", "Book"};
constexpr std::array<std::string_view, 4> kLists{"CollectionPage", "ItemList", "SearchResultsPage", "OfferCatalog"};
constexpr std::array<std::string_view, 5> kArticles{"Article", "BlogPosting", "NewsArticle", "TechArticle", "HowTo"};

// One that can be had is enough.
void merge(Availability& all, Availability one) {
  if (one == Availability::unknown || all == Availability::available) return;
  all = one;
}

// A text, a list of them, or an object that is named by one.
Availability stated(const JsonValue* value) {
  Availability all = Availability::unknown;
  if (value == nullptr) return all;
  if (const auto* text = value->as<std::string>()) return availability_of(*text);
  if (const auto* object = value->as<JsonObject>()) return availability_of(text_of(*object, "@id"));
  if (const auto* array = value->as<JsonArray>())
    for (const JsonValue& item : *array)
      if (const auto* text = item.as<std::string>()) merge(all, availability_of(*text));
  return all;
}

Availability offered(const JsonObject& object, int depth) {
  Availability all = stated(member(object, "availability"));
  if (depth == kMaxDepth) return all;
  for (const std::string_view name : {"offers", "hasVariant", "model"})
    each_object(member(object, name), [&](const JsonObject& inner) { merge(all, offered(inner, depth + 1)); });
  return all;
}

void add(const JsonObject& object, StructuredData& data, int depth) {
  if (depth == kMaxDepth || data.products.size() == kMaxProducts) return;
  if (has_type(object, kArticles)) data.article = true;
  if (has_type(object, kLists)) data.list = true;
  if (has_type(object, kProducts)) data.products.push_back({text_of(object, "name"), offered(object, 0)});
  for (const std::string_view name : {"@graph", "mainEntity", "mainEntityOfPage", "itemOffered"})
    each_object(member(object, name), [&](const JsonObject& inner) { add(inner, data, depth + 1); });
}

}  // namespace

void add_json_ld(std::string_view text, StructuredData& data) {
  const auto document = parse(text);
  if (document) each_object(&*document, [&](const JsonObject& object) { add(object, data, 0); });
}

}  // namespace check
