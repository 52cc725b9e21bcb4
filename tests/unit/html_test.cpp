// HTML from hostile hands costs bounded time, and is read right otherwise.
#include "app/check/html.hpp"

#include <chrono>
#include <random>
#include <string>
#include <utility>

#include "app/check/html_texts.hpp"
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
  const check::HtmlDocument page{std::string(html)};
  for (const auto& node : page.nodes())
    text += node.tag.empty() ? "'" + std::string(node.text) + "' " : std::string(node.tag) + " ";
  return text;
}

// Texts beside each other as one, of several spaces one.
std::string even_outline(const std::string& html) {
  std::string text;
  bool open = false;
  const check::HtmlDocument page(html);
  for (const auto& node : page.nodes()) {
    if (node.tag.empty() != open) text += std::exchange(open, node.tag.empty()) ? "' " : "'";
    for (const char c : node.text)
      if (std::string_view(" \t\n\f\r").find(c) == std::string_view::npos)
        text += c;
      else if (text.back() != ' ')
        text += ' ';
    if (!node.tag.empty()) text += std::string(node.tag) + " ";
    for (const auto& attribute : node.attributes)
      text += "[" + std::string(attribute.name) + "=" + std::string(attribute.value) + "] ";
  }
  return text;
}

// All of it goes through the parser because of a private character behind it.
std::string as_the_parser_sees_it(const std::string& html) {
  std::string text = even_outline(html + "\xF4\x80\x80\x80");
  for (std::size_t i = text.find('\xF4'); i != std::string::npos; i = text.find('\xF4'))
    text.replace(i, 4, "\xEE\x80\x80");
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(html)

BOOST_AUTO_TEST_CASE(texts_that_go_past_the_parser_are_where_it_would_have_put_them) {
  static constexpr std::string_view kPieces[] = {"<p>",
                                                 "</p>",
                                                 "<div class=\"a b\">",
                                                 "</div>",
                                                 "<b>",
                                                 "</b>",
                                                 "<a href='x>y'>",
                                                 "</a>",
                                                 "<br/>",
                                                 "<td>",
                                                 "<table>",
                                                 "</table>",
                                                 "<tr>",
                                                 "<select>",
                                                 "<option>",
                                                 "</select>",
                                                 "<ul><li>",
                                                 "<form>",
                                                 "some words of a text",
                                                 " ",
                                                 "\n\t",
                                                 "1 < 2 and 3 > 2 for sure",
                                                 "R&D &amp; Fish&nbsp;&chips",
                                                 "&#65;&#x41 and so on",
                                                 "caf\xC3\xA9 \xE2\x82\xAC 12",
                                                 "bad \xFF bytes here",
                                                 "<!-- a comment -->",
                                                 "<!-->",
                                                 "<!--->",
                                                 "<!-- x --!>",
                                                 "<!doctype html>",
                                                 "<?xml version='1.0'?>",
                                                 "</ x>",
                                                 "<title>A title of it</title>",
                                                 "<title>R &amp; D</title>",
                                                 "<textarea>\n a <b> c </textarea>",
                                                 "<script>if (a < b) document.write('<p>');</script>",
                                                 "<script><!-- f('<b>') //--></script>",
                                                 "<script type=x></SCRIPT >",
                                                 "<style>p > a { color: red }</style>",
                                                 "<noscript><p>turn scripts on</p></noscript>",
                                                 "<iframe><p>no frames here</p></iframe>",
                                                 "<a title=\"x\"\" y=z>",
                                                 "<p a=b/>",
                                                 "<p/ a = 'q' =x>",
                                                 "<svg><path d='M0 0'/></svg>",
                                                 "<x-y z>",
                                                 "<input value=\"a &lt; b\" disabled>",
                                                 "<head>",
                                                 "<body onload='f()'>",
                                                 "</body>",
                                                 "</html>",
                                                 "<h1>A heading, long enough</h1>"};
  std::mt19937 random(3);
  std::size_t marked = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string html;
    for (auto pieces = random() % 12 + 1; pieces > 0; --pieces) html += kPieces[random() % std::size(kPieces)];
    const std::string plain = as_the_parser_sees_it(html);
    const std::string shown = even_outline(html + "\xEE\x80\x80");
    BOOST_TEST(shown == plain, html << "\n  " << shown << "\n  " << plain);
    marked += check::HtmlTexts(html).marked().size() < html.size();
  }
  BOOST_TEST(marked > 15'000u);
}

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

BOOST_AUTO_TEST_CASE(a_page_cannot_have_a_text_twice) {
  const std::string text = "a text of the page";
  BOOST_TEST(outline(text + repeat("<b>&#x100000;", 60)).find(text) ==
             outline(text + repeat("<b>&#x100000;", 60)).rfind(text));
  BOOST_TEST(outline("&#x100000;&#x10FFFD;") == "html head body '\xF4\x80\x80\x80\xF4\x8F\xBF\xBD' ");
  BOOST_TEST(outline(text + "&#x100001;<i>x") == "html head body '" + text + "' i 'x' ");
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
