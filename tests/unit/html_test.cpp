// HTML from hostile hands costs bounded time, and is read right otherwise.
#include "app/check/html.hpp"

#include <chrono>
#include <string>

#include "tests/support/boost_test.hpp"

namespace {

std::string repeat(std::string_view piece, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text;
}

// `piece` with each "#" as a number that grows.
std::string numbered(std::string_view piece, std::size_t bytes) {
  std::string text;
  for (int i = 0; text.size() < bytes; ++i)
    for (const char c : piece)
      if (c == '#')
        text += std::to_string(i);
      else
        text += c;
  return text;
}

std::string outline(std::string_view html) {
  std::string text;
  const check::HtmlDocument page(html);
  for (const auto& node : page.nodes())
    text += node.tag.empty() ? "'" + std::string(node.text) + "' " : std::string(node.tag) + " ";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(html)

BOOST_AUTO_TEST_CASE(elements_and_texts_stand_in_document_order) {
  BOOST_TEST(outline("<p CLASS=a>x<b>y</b>z") == "html head body p 'x' b 'y' 'z' ");
  BOOST_TEST(outline("") == "html head body ");
  BOOST_TEST(outline("<x-y>a<svg><title>t</title></svg><template><i>b</i></template>") == "html head body ? 'a' svg ");
  const check::HtmlDocument page("<p ID=a data-x='1 &amp; 2' hidden>x</p>");
  const auto& paragraph = page.nodes()[3];
  BOOST_TEST(paragraph.attribute("data-x") == "1 & 2");
  BOOST_TEST(paragraph.has("hidden"));
  BOOST_TEST(!paragraph.has("class"));
  BOOST_TEST(paragraph.end == 5u);
  BOOST_TEST(page.nodes()[4].parent == 3u);
  BOOST_TEST(page.complete());
}

BOOST_AUTO_TEST_CASE(hostile_pages_cost_bounded_time) {
  constexpr std::size_t kSize = 1 << 20;
  const struct {
    std::string name, html;
  } pages[] = {{"nested div", repeat("<div>", kSize)},
               {"nested unknown", repeat("<x>", kSize)},
               {"nested formatting", numbered("<b a#>", kSize)},
               {"formatting and paragraphs", numbered("<b a#>", kSize / 2) + repeat("<p>", kSize / 2)},
               {"links in links", repeat("<a>", kSize)},
               {"attributes of a tag", "<p " + numbered("a# ", kSize)},
               {"attributes behind quotes", "<script>\"</script><p " + numbered("a#='>' ", kSize)},
               {"attributes of many bodies", numbered("<body a#>", kSize)},
               {"end tags", repeat("<x>", kSize / 2) + repeat("</y>", kSize / 2)},
               {"tables", repeat("<table>a", kSize)},
               {"tables in cells", repeat("<table><tr><td>", kSize)},
               {"select", repeat("<select><option>", kSize)},
               {"lists", repeat("<ul><li>", kSize)},
               {"comments", repeat("<!--x-->", kSize)},
               {"doctypes", repeat("<!doctype html>", kSize)},
               {"bytes 0", std::string(kSize, '\0')},
               {"no UTF-8", std::string(kSize, '\xff')},
               {"ampersands", std::string(kSize, '&')},
               {"less-than", std::string(kSize, '<')},
               {"one attribute", "<a href='" + std::string(kSize, 'x')},
               {"one text", std::string(4 * kSize, 'x')}};
  for (const auto& page : pages) {
    const auto began = std::chrono::steady_clock::now();
    const check::HtmlDocument document(page.html);
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
    BOOST_TEST_MESSAGE("  " << page.name << ": " << took << " ms, " << document.nodes().size() << " nodes"
                            << (document.complete() ? "" : ", not read whole"));
    BOOST_TEST(took < 2000, page.name << " took " << took << " ms");
  }
}

BOOST_AUTO_TEST_SUITE_END()
