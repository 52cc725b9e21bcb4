#include "app/check/page_text.hpp"

#include <algorithm>
#include <array>

#include "app/base/text.hpp"
#include "app/check/phrases.hpp"
#include "app/check/url.hpp"

namespace check {
namespace {

// "display: none" in whatever spelling.
bool styled_away(std::string_view style) {
  if (style.empty() || style.size() > 1000) return false;
  std::string plain;
  for (const char c : lower_ascii(style))
    if (c > ' ') plain += c;
  return plain.find("display:none") != std::string::npos || plain.find("visibility:hidden") != std::string::npos;
}

// Elements of a line of text stand beside each other without a space.
bool is_inline(std::string_view tag) {
  static constexpr std::array<std::string_view, 12> kInline{"a", "b",    "em",     "font", "i",   "mark",
                                                            "s", "span", "strong", "sub",  "sup", "u"};
  return std::find(kInline.begin(), kInline.end(), tag) != kInline.end();
}

}  // namespace

bool is_unseen(const HtmlNode& node) {
  static constexpr std::array<std::string_view, 12> kUnseen{"datalist", "head",     "iframe",   "math",
                                                            "noframes", "noscript", "object",   "script",
                                                            "style",    "svg",      "template", "title"};
  if (node.tag.empty()) return false;
  if (std::find(kUnseen.begin(), kUnseen.end(), node.tag) != kUnseen.end() || node.has("hidden")) return true;
  return styled_away(node.attribute("style"));
}

std::string visible_text(const HtmlDocument& page, std::size_t node, std::size_t max_bytes, std::size_t max_nodes) {
  const auto& nodes = page.nodes();
  std::string text;
  if (node >= nodes.size()) return text;
  std::size_t steps = 0;
  for (std::size_t i = node, end = nodes[node].end; i < end && text.size() < max_bytes && steps < max_nodes; ++steps) {
    const HtmlNode& here = nodes[i];
    if (is_unseen(here)) {
      i = here.end;
      continue;
    }
    if (!here.tag.empty() && !is_inline(here.tag)) append_line(text, " ");
    append_line(text, here.text.substr(0, max_bytes));
    ++i;
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.size() <= max_bytes ? text : base::shorten(text, max_bytes);
}

}  // namespace check
