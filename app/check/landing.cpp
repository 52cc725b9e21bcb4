#include "app/check/landing.hpp"

#include <algorithm>
#include <array>

#include "app/check/url_compare.hpp"

namespace check {
namespace {

template <std::size_t size>
bool one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool has_content_parameter(const Url& url) {
  static constexpr std::array<std::string_view, 28> kContent{
      "p",       "id",     "pid",     "product", "product_id", "productid", "sku",
      "item",    "itemid", "item_id", "route",   "page_id",    "post",      "article",
      "artikel", "prod",   "asin",    "isbn",    "goods_id",   "model",     "add-to-cart",
      "view",    "q_id",   "offer",   "listing", "hotel",      "hotel_id",  "course"};
  for (const UrlParameter& parameter : url.parameters())
    if (one_of(lower_ascii(parameter.name), kContent) && !parameter.value.empty() && !parameter.value.ends_with("home"))
      return true;
  return url.fragment().starts_with("!/") || (url.fragment().starts_with('/') && url.fragment().size() > 1);
}

bool asks_search(const Url& url) {
  static constexpr std::array<std::string_view, 20> kNames{
      "q",   "k",      "s",     "query", "search",         "keyword",    "keywords", "searchterm",
      "ntt", "text",   "term",  "_nkw",  "field-keywords", "searchtext", "st",       "search_query",
      "w",   "phrase", "suche", "wd"};
  for (const UrlParameter& parameter : url.parameters())
    if (!parameter.value.empty() && one_of(lower_ascii(parameter.name), kNames)) return true;
  return false;
}

bool is_search_segment(std::string_view segment) {
  static constexpr std::array<std::string_view, 18> kNames{
      "search", "suche",         "recherche",     "buscar",         "busca", "busqueda", "ricerca", "cerca", "zoeken",
      "szukaj", "catalogsearch", "searchresults", "search-results", "sok",   "sch",      "results", "s",     "haku"};
  return one_of(segment.substr(0, segment.find('.')), kNames);
}

bool is_category_segment(std::string_view segment) {
  static constexpr std::array<std::string_view, 46> kNames{"c",
                                                           "topic",
                                                           "topics",
                                                           "market",
                                                           "wholesale",
                                                           "city",
                                                           "genre",
                                                           "tags",
                                                           "outlet",
                                                           "category",
                                                           "categories",
                                                           "cat",
                                                           "collections",
                                                           "collection",
                                                           "kategorie",
                                                           "kategorien",
                                                           "categorie",
                                                           "categories",
                                                           "categoria",
                                                           "categorias",
                                                           "product-category",
                                                           "produkt-kategorie",
                                                           "department",
                                                           "departments",
                                                           "dept",
                                                           "browse",
                                                           "plp",
                                                           "bestsellers",
                                                           "best-sellers",
                                                           "new-arrivals",
                                                           "sale",
                                                           "deals",
                                                           "brand",
                                                           "brands",
                                                           "catalog",
                                                           "catalogue",
                                                           "shop-all",
                                                           "all-products",
                                                           "all",
                                                           "kategoria",
                                                           "kategori",
                                                           "kategorier",
                                                           "rayon",
                                                           "sortiment",
                                                           "listing",
                                                           "clearance"};
  return one_of(segment, kNames);
}

bool is_product_segment(std::string_view segment) {
  static constexpr std::array<std::string_view, 28> kNames{
      "course",   "product",   "products", "produkt",  "produkte", "produit",  "produits",
      "producto", "productos", "prodotto", "prodotti", "produto",  "produtos", "p",
      "dp",       "item",      "itm",      "items",    "artikel",  "pd",       "pdp",
      "ip",       "buy",       "listing",  "hotel",    "book",     "prod",     "sku"};
  return one_of(segment, kNames);
}

// Ends where all of a site's things stand: "/products", "/shop", "/blog".
bool is_list_segment(std::string_view segment) {
  static constexpr std::array<std::string_view, 13> kNames{"products", "shop",      "store",    "produkte", "produits",
                                                           "boutique", "productos", "prodotti", "stores",   "courses",
                                                           "list",     "blog",      "sitemap"};
  return one_of(segment, kNames);
}

// Of affiliate scripts: "/scripts/click.php", "/affiliates/idevaffiliate.php".
bool is_redirecting_script(std::string_view segment) {
  static constexpr std::array<std::string_view, 10> kNames{"click", "idevaffiliate", "out",  "go",    "track",
                                                           "aff",   "redirect",      "jrox", "refer", "clk"};
  const std::size_t point = segment.find('.');
  return point != std::string_view::npos && one_of(segment.substr(0, point), kNames);
}

bool is_missing_segment(std::string_view segment) {
  static constexpr std::array<std::string_view, 13> kNames{
      "404",          "404page",           "error404",  "404-error",     "not-found", "notfound", "page-not-found",
      "pagenotfound", "product-not-found", "error-404", "404-not-found", "no-route",  "410"};
  return one_of(segment.substr(0, segment.find('.')), kNames);
}

bool holds_product(const Segments& segments) {
  for (std::size_t i = 0; i + 1 < segments.size(); ++i)
    if (is_product_segment(segments[i])) return true;
  return false;
}

bool is_category(const Segments& segments, const Url& url) {
  if (!segments.empty() && segments.back() == "list") return true;  // EC-CUBE's "/products/list"
  if (segments.empty() || holds_product(segments) || has_content_parameter(url)) return false;
  if (is_list_segment(segments.back())) return true;
  if (segments[0] == "b" && (segments.size() == 1 || segments.back().starts_with("bn_"))) return true;  // Amazon, eBay
  if (segments.back().ends_with(".html") && looks_like_id(segments.back())) return false;
  return std::any_of(segments.begin(), segments.end(), [](const auto& s) { return is_category_segment(s); });
}

}  // namespace

Landing landing_of(const Url& url) {
  const Segments segments = plain_segments(url);
  if (!segments.empty() && is_missing_segment(segments.back())) return Landing::missing;
  const bool search = asks_search(url);
  if (segments.empty()) return search ? Landing::search : has_content_parameter(url) ? Landing::page : Landing::home;
  if (is_search_segment(segments.back()) && search) return Landing::search;
  if (segments.back().starts_with("searchresults") || segments.back().ends_with("-search")) return Landing::search;
  if (segments.size() >= 2 && is_search_segment(segments[segments.size() - 2]) && !digits(segments.back()) &&
      segments[segments.size() - 2] != "s")
    return Landing::search;
  if (segments[0] == "catalogsearch") return Landing::search;
  if (segments[0] == "sch" && segments.back() == "i.html") return Landing::search;
  return is_category(segments, url) ? Landing::category : Landing::page;
}

std::string_view landing_name(Landing landing) {
  switch (landing) {
    case Landing::home:
      return "the homepage";
    case Landing::category:
      return "a category page";
    case Landing::search:
      return "a search page";
    case Landing::missing:
      return "a page for missing pages";
    case Landing::page:
      return "a page";
  }
  return "a page";
}

bool names_product(const Url& url) {
  if (is_redirector(url) || is_short_code(url) || landing_of(url) != Landing::page) return false;
  const Segments segments = plain_segments(url);
  if (segments.empty()) return has_content_parameter(url);
  if (holds_product(segments)) return true;
  const std::string& last = segments.back();
  const auto hyphens = std::count(last.begin(), last.end(), '-') + std::count(last.begin(), last.end(), '_');
  return hyphens >= 2 || (hyphens >= 1 && last.find(".htm") != std::string::npos) || segments.size() >= 3;
}

bool is_short_code(const Url& url) {
  const Segments segments = segments_of(url.path());
  return segments.size() == 1 && segments[0].size() <= 8 && segments[0].find_first_of("-_.") == std::string::npos;
}

bool holds_product_id(const Url& url) {
  const Segments segments = plain_segments(url);
  return !segments.empty() && (holds_product(segments) || looks_like_id(segments.back()));
}

bool is_redirector(const Url& url) {
  static constexpr std::array<std::string_view, 35> kSegments{
      "ref",  "referral", "invite",   "join",     "friend",     "einladung", "af",       "invitation", "go",
      "out",  "r",        "redirect", "redir",    "recommends", "recommend", "refer",    "link",       "links",
      "l",    "to",       "visit",    "get",      "aff",        "track",     "tracking", "click",      "clicks",
      "jump", "exit",     "away",     "outbound", "affiliate",  "goto",      "c",        "clk"};
  static constexpr std::array<std::string_view, 20> kLabels{
      "go",  "out",       "trk",        "track",   "tracking", "click", "clicks",   "clk",   "link", "links",
      "aff", "affiliate", "affiliates", "partner", "partners", "goto",  "redirect", "refer", "l",    "r"};
  static constexpr std::array<std::string_view, 16> kHosts{
      "bit.ly", "t.co",  "goo.gl",  "ow.ly",   "tinyurl.com", "buff.ly", "rebrand.ly", "geni.us",
      "lnk.to", "is.gd", "cutt.ly", "amzn.to", "fave.co",     "howl.me", "short.io",   "trib.al"};
  const Segments segments = segments_of(url.path());
  const std::string_view label = std::string_view(url.host()).substr(0, url.host().find('.'));
  if (one_of(site_of(url.host()), kHosts) || (one_of(label, kLabels) && site_of(url.host()) != url.host())) return true;
  if (segments.empty() || segments.size() > 4) return false;
  if (segments[0].starts_with('@') || is_redirecting_script(segments.back())) return true;
  const auto known = [&](const std::string& segment) {
    return one_of(std::string_view(segment).substr(0, segment.find('.')), kSegments);
  };
  return segments.size() <= 3 ? known(segments[0]) : segments[1] == "aff" || segments[1] == "go";
}

}  // namespace check
