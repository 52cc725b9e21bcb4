// What each answer leads to. No network: the answers are given.
#include "app/check/chain.hpp"

#include "app/check/html.hpp"
#include "tests/support/boost_test.hpp"

using check::Answer, check::Ending, check::HopKind, check::Milliseconds, check::Record;

namespace {

Answer answer(int status, std::vector<check::Header> headers = {}, std::string body = "") {
  Answer result;
  result.status = status;
  result.headers = std::move(headers);
  result.body = std::move(body);
  return result;
}

Answer redirect(const std::string& location, int status = 302) {
  return answer(status, {{"location", location}});
}

Answer page(const std::string& html) {
  return answer(200, {{"content-type", "text/html"}}, html);
}

// One chain, driven by hand.
struct Walk {
  explicit Walk(const std::string& url = "https://shop.example/a/b?c=1")
      : chain(
            url, [this](const Record&) { return ++judged, check::Verdict(); },
            [this](Record&& told, check::Verdict&&) { record = std::move(told); }) {
    begun = chain.begin();
    chain.transfer = std::make_unique<check::Transfer>(options, options.guard);
  }

  // The next URL, or "" at the end.
  std::string take(Answer&& given, int milliseconds = 10) {
    chain.receive(std::move(given), Milliseconds(milliseconds));
    if (chain.read(options) == check::Chain::Next::request) {
      BOOST_TEST(judged == 0);
      return chain.url().text();
    }
    BOOST_TEST(judged == 1);
    chain.report();
    return "";
  }

  void keep_cookie(const std::string& cookie) {
    curl_easy_setopt(chain.transfer->handle(), CURLOPT_COOKIELIST, ("Set-Cookie: " + cookie).c_str());
  }

  check::FetchOptions options;
  int judged = 0;
  Record record;
  check::Chain chain;
  bool begun = false;
};

std::string leads_to(const std::string& location) {
  Walk walk;
  return walk.take(redirect(location));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chain)

BOOST_AUTO_TEST_CASE(locations_are_read_as_browsers_read_them) {
  const struct {
    std::string location, url;
  } cases[] = {{"https://other.example/x", "https://other.example/x"},
               {"HTTP://OTHER.example", "http://other.example/"},
               {"//other.example/x", "https://other.example/x"},
               {"/x", "https://shop.example/x"},
               {"x", "https://shop.example/a/x"},
               {"../x", "https://shop.example/x"},
               {"?d=2", "https://shop.example/a/b?d=2"},
               {"/x#part", "https://shop.example/x"},
               {"  /x  ", "https://shop.example/x"},
               {"/a b", "https://shop.example/a%20b"},
               {"\\\\other.example\\x", "https://other.example/x"},
               {"https:\\\\other.example\\x", "https://other.example/x"},
               {"https://user:word@other.example/", "https://other.example/"},
               {"/x\r\nSet-Cookie: a=b", "https://shop.example/xSet-Cookie:%20a=b"},
               {"/\xc3\xb6", "https://shop.example/%c3%b6"}};
  for (const auto& c : cases) BOOST_TEST(leads_to(c.location) == c.url, c.location << " -> " << leads_to(c.location));
}

BOOST_AUTO_TEST_CASE(what_is_no_web_page_ends_the_chain) {
  for (const std::string location : {"ftp://shop.example/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_x",
                                     "data:text/html,x", "javascript:alert(1)", "itms-apps://apps.example/x",
                                     "mailto:a@b.example", "https://", "https://sh op.example/", "http://a:99999/"}) {
    Walk walk;
    BOOST_TEST(walk.take(redirect(location)).empty(), location);
    BOOST_TEST((walk.record.ending == Ending::bad_location), location);
    BOOST_TEST(walk.record.hops.size() == 1u);
    BOOST_TEST(walk.record.hops[0].location.value_or("none") == location);
  }
  Walk walk;
  BOOST_TEST(walk.take(redirect("/" + std::string(60'000, 'a'))).empty());
  BOOST_TEST((walk.record.ending == Ending::bad_location));
  BOOST_TEST(walk.record.hops[0].location->size() <= check::Url::kMaxBytes + 3);  // and "…"
}

BOOST_AUTO_TEST_CASE(only_redirects_with_a_location_lead_on) {
  for (const int status : {301, 302, 303, 307, 308}) BOOST_TEST(!Walk().take(redirect("/x", status)).empty(), status);
  for (const int status : {200, 201, 300, 304, 305, 404, 500}) {
    Walk walk;
    BOOST_TEST(walk.take(redirect("/x", status)).empty(), status);
    BOOST_TEST((walk.record.ending == Ending::answered), status);
    BOOST_TEST(walk.record.hops[0].http_status.value_or(0) == status);
    BOOST_TEST(!walk.record.hops[0].location.has_value());
  }
  Walk without, empty;
  BOOST_TEST(without.take(answer(302)).empty());
  BOOST_TEST((without.record.ending == Ending::answered));
  BOOST_TEST(empty.take(redirect("")).empty());
}

BOOST_AUTO_TEST_CASE(pages_lead_on_by_themselves) {
  Walk walk("https://shop.example/start");
  BOOST_TEST(walk.take(answer(200, {{"refresh", "0; url=/by-header"}})) == "https://shop.example/by-header");
  BOOST_TEST(walk.take(page("<meta http-equiv=refresh content='0;url=/by-meta'>")) == "https://shop.example/by-meta");
  BOOST_TEST(walk.take(page("<script>location.href = '/by-script'</script>")) == "https://shop.example/by-script");
  BOOST_TEST(walk.take(page("<h1>Lamp</h1>")).empty());
  const auto& hops = walk.record.hops;
  BOOST_REQUIRE(hops.size() == 4u);
  BOOST_TEST((hops[0].kind == HopKind::meta && hops[1].kind == HopKind::meta && hops[2].kind == HopKind::script &&
              hops[3].kind == HopKind::http));
  BOOST_TEST(hops[2].location.value_or("") == "https://shop.example/by-script");
  BOOST_TEST(walk.record.body == "<h1>Lamp</h1>");
}

BOOST_AUTO_TEST_CASE(only_pages_that_were_found_lead_on_by_themselves) {
  const std::string html = "<html><meta http-equiv=refresh content='0;url=/x'></html>";
  BOOST_TEST(Walk().take(answer(404, {{"content-type", "text/html"}}, html)).empty());
  BOOST_TEST(Walk().take(answer(503, {{"refresh", "1; url=/x"}})).empty());
  BOOST_TEST(Walk().take(answer(200, {{"content-type", "text/plain"}}, html)).empty());
  BOOST_TEST(!Walk().take(answer(200, {}, html)).empty());  // of no type, but it looks like one
}

BOOST_AUTO_TEST_CASE(a_redirect_to_where_it_was_ends_the_chain) {
  Walk itself, there_and_back, by_fragment;
  BOOST_TEST(itself.take(redirect("/a/b?c=1")).empty());
  BOOST_TEST((itself.record.ending == Ending::too_many_hops));
  BOOST_TEST(itself.record.hops.size() == 1u);
  there_and_back.take(redirect("/x"));
  BOOST_TEST(there_and_back.take(redirect("/a/b?c=1")).empty());
  BOOST_TEST(there_and_back.record.hops.size() == 2u);
  BOOST_TEST(by_fragment.take(redirect("#part")).empty());
  BOOST_TEST((by_fragment.record.ending == Ending::too_many_hops));
}

// Shops that look for cookies set one and send the visitor back to where it was.
BOOST_AUTO_TEST_CASE(with_another_cookie_it_is_another_request) {
  Walk walk;
  walk.keep_cookie("seen=1; Domain=shop.example");  // with the answer that is taken next
  BOOST_TEST(walk.take(redirect("/a/b?c=1")) == "https://shop.example/a/b?c=1");
  BOOST_TEST(walk.take(redirect("/a/b?c=1")) == "");  // it was asked with that cookie, too
  BOOST_TEST((walk.record.ending == Ending::too_many_hops));
  Walk twice;
  BOOST_TEST(twice.take(redirect("/set")) == "https://shop.example/set");
  twice.keep_cookie("seen=1; Domain=shop.example");
  BOOST_TEST(twice.take(redirect("/a/b?c=1")) == "https://shop.example/a/b?c=1");
  BOOST_TEST(twice.take(redirect("/set")) == "https://shop.example/set");  // which has not been asked for with it
  BOOST_TEST(twice.take(redirect("/a/b?c=1")) == "");
  BOOST_TEST((twice.record.ending == Ending::too_many_hops));
}

BOOST_AUTO_TEST_CASE(ten_redirects_and_no_more) {
  Walk walk;
  for (int hop = 1; hop <= 10; ++hop) BOOST_TEST(!walk.take(redirect("/" + std::to_string(hop))).empty(), hop);
  BOOST_TEST(walk.take(redirect("/11")).empty());
  BOOST_TEST((walk.record.ending == Ending::too_many_hops));
  BOOST_TEST(walk.record.hops.size() == 11u);
  Walk well;
  for (int hop = 1; hop <= 10; ++hop) well.take(redirect("/" + std::to_string(hop)));
  BOOST_TEST(well.take(page("<h1>Lamp</h1>")).empty());
  BOOST_TEST((well.record.ending == Ending::answered));
}

BOOST_AUTO_TEST_CASE(a_browser_is_asked_for_only_if_there_is_one) {
  const std::string html = "<script>go(somewhere)</script>";
  Walk without;
  BOOST_TEST(without.take(page(html)).empty());
  Walk with;
  with.options.headless_program = "chromium";
  with.chain.receive(page(html), Milliseconds(10));
  BOOST_TEST((with.chain.read(with.options) == check::Chain::Next::browser));
  BOOST_TEST(with.judged == 0);
  const auto given = with.chain.scripted_page();
  BOOST_TEST(given.url.text() == "https://shop.example/a/b?c=1");
  BOOST_TEST(given.body == html);
  BOOST_TEST(given.headers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(where_scripts_led_is_a_hop_like_others) {
  Walk walk;
  walk.options.headless_program = "chromium";
  const auto to = [&](const std::string& url) {
    walk.chain.receive(page("<script>go(somewhere)</script>"), Milliseconds(10));
    BOOST_REQUIRE((walk.chain.read(walk.options) == check::Chain::Next::browser));
    return walk.chain.follow_scripts(check::Url::parse(url), Milliseconds(700), walk.options);
  };
  BOOST_TEST((to("https://shop.example/next#part") == check::Chain::Next::request));
  BOOST_TEST(walk.chain.url().text() == "https://shop.example/next");
  BOOST_TEST((walk.chain.spent() == Milliseconds(710)));
  BOOST_TEST((to("https://shop.example/a/b?c=1") == check::Chain::Next::end));  // it was there
  BOOST_TEST(walk.judged == 1);
  walk.chain.report();
  BOOST_TEST((walk.record.ending == Ending::too_many_hops));
  BOOST_TEST((walk.record.hops.at(0).kind == HopKind::script));
  BOOST_TEST(walk.record.hops.at(0).location.value() == "https://shop.example/next");
  BOOST_TEST((walk.record.duration == Milliseconds(20)));  // a browser's time is not the shop's
}

BOOST_AUTO_TEST_CASE(scripts_that_lead_nowhere_leave_the_page_as_the_end) {
  for (const bool given_up : {false, true}) {
    Walk walk;
    walk.options.headless_program = "chromium";
    walk.chain.receive(page("<script>go(somewhere)</script>"), Milliseconds(10));
    walk.chain.read(walk.options);
    const auto next = given_up ? walk.chain.give_up(Ending::failed, "none was free")
                               : walk.chain.follow_scripts(std::nullopt, Milliseconds(700), walk.options);
    BOOST_TEST((next == check::Chain::Next::end));
    BOOST_TEST(walk.judged == 1);
    walk.chain.report();
    BOOST_TEST((walk.record.ending == (given_up ? Ending::failed : Ending::answered)));
    BOOST_TEST(walk.record.error == (given_up ? "none was free" : ""));
    BOOST_TEST(!walk.record.hops.at(0).location.has_value());
  }
}

BOOST_AUTO_TEST_CASE(what_never_came_is_recorded) {
  Walk walk;
  BOOST_TEST(walk.take(redirect("https://gone.example/"), 30) == "https://gone.example/");
  Answer none;
  none.ending = Ending::connect_failed;
  none.error = "refused " + std::string(1000, '\xff');
  const std::string next = walk.take(std::move(none), 12);
  BOOST_TEST(next.empty());
  BOOST_TEST((walk.record.ending == Ending::connect_failed));
  BOOST_TEST(walk.record.error.size() <= 303u);
  BOOST_REQUIRE(walk.record.hops.size() == 2u);
  BOOST_TEST(!walk.record.hops[1].http_status.has_value());
  BOOST_TEST(walk.record.duration.count() == 42);
  BOOST_TEST((walk.record.hops[1].duration == Milliseconds(12)));
}

BOOST_AUTO_TEST_CASE(what_is_no_url_is_not_asked_for) {
  for (const std::string url :
       {"", "shop.example", "ftp://shop.example/", "javascript:1", "https://", "//shop.example/"}) {
    Walk walk(url);
    BOOST_TEST(!walk.begun, url);
    walk.chain.report();
    BOOST_TEST((walk.record.ending == Ending::failed));
    BOOST_TEST(walk.record.hops.at(0).url == url);
  }
}

BOOST_AUTO_TEST_SUITE_END()
