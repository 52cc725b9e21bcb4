// What a page says of itself, and that hostile pages do not make the verdict slow.
#include "app/check/page.hpp"

#include <chrono>
#include <string>

#include "app/check/charset.hpp"
#include "app/check/verdict.hpp"
#include "db/known_programs.hpp"
#include "tests/support/boost_test.hpp"

namespace {

std::string repeat(std::string_view piece, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text;
}

check::Record record_of(std::string body) {
  check::Record record;
  check::Hop hop;
  hop.url = "https://shop.example/p/lamp";
  hop.http_status = 200;
  record.hops = {hop};
  record.ending = check::Ending::answered;
  record.headers = {{"content-type", "text/html"}};
  record.body = std::move(body);
  return record;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(page)

BOOST_AUTO_TEST_CASE(the_main_part_is_what_stands_beside_nothing) {
  const check::Page page = check::read_page(check::HtmlDocument(
      "<title> A\n Lamp </title><nav>Menu</nav><main><h1>LÄMPE</h1><p>Text <b>bo</b>ld</p><button>Add to cart</button>"
      "<button disabled>Add to bag</button></main><div class='related-items'>Vase</div><footer>Foot</footer>"));
  BOOST_TEST(page.title == "a lamp");
  BOOST_TEST(page.headings.at(0) == "lämpe");
  BOOST_TEST(page.text == "lämpe text bo ld add to cart add to bag");
  BOOST_TEST(page.cart_controls == 1);
}

BOOST_AUTO_TEST_CASE(pages_in_other_encodings_are_read) {
  const struct {
    std::string html, content_type, title;
  } cases[] = {{"<title>P\xE1gina</title>", "text/html; charset=ISO-8859-1", "página"},
               {"<meta charset='windows-1251'><title>\xD2\xEE\xE2\xE0\xF0</title>", "text/html", "товар"},
               {"<meta charset=\"EUC-JP\"><title>\xBE\xA6\xC9\xCA</title>", "text/html", "商品"},
               {"<title>\x8F\xA4\x95i</title>", "text/html;charset=\"Shift_JIS\"", "商品"},
               {"<title>\xC9\xCC\xC6\xB7</title>", "text/html; charset=gb2312", "商品"},
               {"<title>\xBB\xF3\xC7\xB0\xFF</title>", "text/html; charset=euc-kr", "상품\uFFFD"},
               {"<title>Página</title>", "text/html; charset=utf-8", "página"},
               {"<title>Página</title>", "text/html; charset=x-unknown", "página"}};
  for (const auto& c : cases) {
    const std::string html = check::to_utf8(c.html, check::charset_of(c.html, c.content_type));
    const check::HtmlDocument document(html);
    BOOST_TEST(check::read_page(document).title == c.title);
  }
}

BOOST_AUTO_TEST_CASE(hostile_pages_are_judged_in_bounded_time) {
  constexpr std::size_t kSize = 1 << 20;
  const struct {
    std::string name, html;
  } pages[] = {
      {"paragraphs in marquees", repeat("<p><marquee>", kSize)},
      {"controls", repeat("<button>x</button>", kSize)},
      {"headings", repeat("<h1>page not</h1>", kSize)},
      {"spans in spans", repeat("<span>", kSize)},
      {"labels", repeat("<p>sold</p>", kSize)},
      {"styles", repeat("<p style='color: red; margin: 0'>x", kSize)},
      {"classes", repeat("<p class='" + std::string(280, 'x') + "'>x", kSize)},
      {"microdata", repeat("<i itemscope itemtype=http://schema.org/Product><i itemprop=name>x", kSize)},
      {"nested items", repeat("<i itemscope>", kSize / 2) + repeat("<b itemprop=availability>x</b>", kSize / 2)},
      {"JSON-LD", "<script type=application/ld+json>" + repeat("[", kSize / 8) + "</script>"},
      {"JSON-LD products",
       "<script type=application/ld+json>[" + repeat("{\"@type\":\"Product\"},", 200'000) + "{}]</script>"},
      {"script of calls", "<script>" + repeat("f(", 100'000) + "</script>"},
      {"script of functions", "<script>" + repeat("function a(){b()}function b(){a()}a();", 100'000) + "</script>"},
      {"script of variables", "<script>" + repeat("a=a+", 60'000) + "a;location=a</script>"},
      {"script of timeouts", "<script>" + repeat("setTimeout(\"a()\",1);", 100'000) + "</script>"},
      {"dots", repeat("page. ", kSize)},
      {"names in names",
       "<div itemscope itemtype='https://schema.org/Product'>" + repeat("<span itemprop=name>", kSize)},
      {"headings in headings", repeat("<h1><i>", kSize)},
      {"headings", repeat("<h2><b>", kSize)}};
  for (const auto& page : pages) {
    const auto record = record_of(page.html);
    check::Expectations expectations;
    expectations.programs = db::known_programs();
    const auto began = std::chrono::steady_clock::now();
    const auto verdict = check::judge(record.hops[0].url, record, expectations);
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
    BOOST_TEST_MESSAGE("  " << page.name << ": " << took << " ms, " << verdict.evidence.summary);
    BOOST_TEST(took < 3000, page.name << " took " << took << " ms");
  }
}

BOOST_AUTO_TEST_SUITE_END()
