#include "app/check/needs_browser.hpp"

#include <algorithm>

#include "app/check/html.hpp"
#include "app/check/page.hpp"
#include "app/check/page_text.hpp"

namespace check {
namespace {

constexpr std::size_t kMaxText = 600;  // as page_redirect.cpp has it for pages that lead on

bool runs_scripts(const HtmlNode& node) {
  return node.tag == "script" || (node.tag == "body" && node.has("onload"));
}

bool shows_something(const Page& page) {
  const StructuredData& data = page.data;
  return !data.products.empty() || data.list || data.article || data.meta != Availability::unknown ||
         page.cart_controls > 0 || page.asks_password;
}

}  // namespace

bool needs_browser(const Record& record) {
  if (record.ending != Ending::answered || record.body_cut || !record.page) return false;
  if (record.hops.back().http_status != 200) return false;
  const HtmlDocument& html = *record.page;
  if (!std::any_of(html.nodes().begin(), html.nodes().end(), runs_scripts)) return false;
  return visible_text(html, 0, kMaxText + 1).size() <= kMaxText && !shows_something(read_page(html));
}

}  // namespace check
