// Which pages are given to a browser.
#include "app/check/needs_browser.hpp"

#include "app/check/html.hpp"
#include "tests/support/boost_test.hpp"

namespace {

check::Record record(const std::string& html, int status = 200) {
  check::Record made;
  made.ending = check::Ending::answered;
  made.hops.push_back({.url = "https://shop.example/", .http_status = status, .location = {}});
  made.body = html;
  made.page = std::make_shared<const check::HtmlDocument>(html);
  return made;
}

bool wants(const std::string& html) {
  return check::needs_browser(record(html));
}

const std::string kScript = "<script>go()</script>";

}  // namespace

BOOST_AUTO_TEST_SUITE(needs_browser)

BOOST_AUTO_TEST_CASE(a_page_that_shows_next_to_nothing_and_has_a_script_does) {
  for (const std::string& html : std::vector<std::string>{
           kScript, "<div id=root></div><script src=/app.js></script>", "<body onload='go()'></body>",
           "<h1>Please wait</h1><p>You are being redirected.</p>" + kScript,
           "<p>" + std::string(600, 'a') + "</p>" + kScript, "<style>" + std::string(9000, 'a') + "</style>" + kScript,
           "<body><noscript>" + std::string(900, 'a') + "</noscript>" + kScript})
    BOOST_TEST(wants(html), html);
}

BOOST_AUTO_TEST_CASE(a_page_with_something_to_see_or_without_a_script_does_not) {
  for (const std::string& html :
       {std::string(), std::string("<h1>Hello</h1>"), "<p>" + std::string(601, 'a') + "</p>" + kScript,
        "<button>Add to cart</button>" + kScript, "<input type=password>" + kScript,
        "<meta property='product:availability' content='in stock'>" + kScript,
        R"(<script type="application/ld+json">{"@type":"Product","name":"Lamp"}</script>)" + kScript,
        R"(<script type="application/ld+json">{"@type":"ItemList"}</script>)" + kScript,
        R"(<div itemscope itemtype="http://schema.org/Product"><b itemprop=name>Lamp</b></div>)" + kScript})
    BOOST_TEST(!wants(html), html);
}

BOOST_AUTO_TEST_CASE(only_a_whole_html_page_with_status_200_does) {
  for (const int status : {201, 204, 403, 404, 410, 500, 503})
    BOOST_TEST(!check::needs_browser(record(kScript, status)));
  auto failed = record(kScript);
  failed.ending = check::Ending::too_many_hops;
  BOOST_TEST(!check::needs_browser(failed));
  auto cut = record(kScript);
  cut.body_cut = true;
  BOOST_TEST(!check::needs_browser(cut));
  auto image = record(kScript);
  image.page = nullptr;
  BOOST_TEST(!check::needs_browser(image));
}

BOOST_AUTO_TEST_SUITE_END()
