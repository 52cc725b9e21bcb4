#include "handlers/redirect.hpp"

#include <chrono>

#include "tests/support/boost_test.hpp"

namespace {

struct Passing {
  const char* destination;
  const char* query;
  const char* result;
};

std::string passed(const std::string& query) {
  return handlers::pass_query("https://d.example/p?tag=ours", query);
}

http::Request visit(std::string method, std::vector<http::Header> headers) {
  http::Request request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  return request;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(redirect_suite)

BOOST_AUTO_TEST_CASE(a_slug_is_the_whole_rest_of_the_path) {
  BOOST_TEST(handlers::slug_in("/go/nordvpn").value() == "nordvpn");
  BOOST_TEST(handlers::slug_in("/go/A-z_09").value() == "A-z_09");
  BOOST_TEST(handlers::slug_in("/go/" + std::string(64, 'a')).value() == std::string(64, 'a'));
  for (const std::string path :
       {"",        "/",       "/go",     "/go/",      "/go//",     "/go/a/",       "/go/a/b", "//go/a",
        "/go//a",  "/Go/a",   "/%67o/a", "/go/%61",   "/go/a%2fb", "/go/a.b",      "/go/a b", "/go/\xc3\xa4",
        "/go/a;b", "/go/a#b", "/go/..",  "/go/a\r\n", "go/a",      "/api/v1/links"})
    BOOST_TEST(!handlers::slug_in(path), path);
  BOOST_TEST(!handlers::slug_in("/go/" + std::string(65, 'a')));
  BOOST_TEST(!handlers::slug_in(std::string("/go/a\0", 6)));
}

BOOST_AUTO_TEST_CASE(parameters_go_behind_the_destinations_own_and_before_its_fragment) {
  const Passing cases[] = {
      {"https://d.example", "a=1", "https://d.example?a=1"},
      {"https://d.example/", "a=1&b=2", "https://d.example/?a=1&b=2"},
      {"https://d.example/?", "a=1&b=2", "https://d.example/?a=1&b=2"},
      {"https://d.example/?x=1", "a=1", "https://d.example/?x=1&a=1"},
      {"https://d.example/?x=1&", "a=1&b", "https://d.example/?x=1&a=1&b"},
      {"https://d.example/#top", "a=1", "https://d.example/?a=1#top"},
      {"https://d.example/?x=1#top", "a=1", "https://d.example/?x=1&a=1#top"},
      {"https://d.example/#/app?x=1", "x=2", "https://d.example/?x=2#/app?x=1"},
      {"https://d.example/?x=1?y=2", "y=3", "https://d.example/?x=1?y=2&y=3"},
      {"https://d.example/?u=https://x.example/?", "tag=1", "https://d.example/?u=https://x.example/?&tag=1"},
      {"https://d.example/??", "a=1", "https://d.example/??&a=1"},
      {"https://d.example/?&", "a=1", "https://d.example/?&a=1"},
      {"https://d.example/a&", "b=1", "https://d.example/a&?b=1"},
      {"https://d.example/p", "", "https://d.example/p"},
      {"https://d.example/p", "&&&", "https://d.example/p"},
      {"https://d.example/p", "=1&=&a=&b==&c", "https://d.example/p?a=&b==&c"},
      {"https://d.example/p", "z=1&a=2&z=3&z=1", "https://d.example/p?z=1&a=2&z=3&z=1"},
      {"https://d.example/%7Ep?%61=%2f+%", "b=1", "https://d.example/%7Ep?%61=%2f+%&b=1"},
      {"https://d.example/p?a=1;b=2", "c=3", "https://d.example/p?a=1;b=2&c=3"},
  };
  for (const auto& [destination, query, result] : cases) BOOST_TEST(handlers::pass_query(destination, query) == result);
}

BOOST_AUTO_TEST_CASE(the_destinations_own_parameters_are_never_met_by_another_of_their_name) {
  for (const char* query : {"tag=x", "tag", "TAG=x", "t%61g=x", "%74%61%67=x", "T%41g=x", "tag[]=x", "tag[a][b]=x",
                            "tag%5B%5D=x", "tag%5b=x]", "Tag[0]=x", "%20tag=x", "+tag=x", "++tag=x", "tag%00=x",
                            "tag%00y=x", "tag=x&tag=y&TAG=z", "tag=%26a=1"})
    BOOST_TEST(passed(query) == "https://d.example/p?tag=ours", query);
  for (const char* own :
       {"t%61g", "TAG", "tag[]", "tag%5B0%5D", "+tag", "x=1&tag", "x=1;tag", "tag=1&tag", "tag[x%00]"})
    BOOST_TEST(handlers::pass_query(std::string("https://d.example/?") + own + "=ours", "tag=x") ==
                   std::string("https://d.example/?") + own + "=ours",
               own);
  for (const char* query : {"sub_id=x", "sub.id=x", "sub+id=x", "sub%20id=x", "sub[id=x", "SUB.ID"})  // PHP's sub_id
    BOOST_TEST(handlers::pass_query("https://d.example/?sub_id=1", query) == "https://d.example/?sub_id=1", query);
  for (const char* query : {"sub_id=x", "sub.id=x", "sub[id=x", "sub%5Bid=x"})
    BOOST_TEST(handlers::pass_query("https://d.example/?sub[id=1", query) == "https://d.example/?sub[id=1", query);
  for (const char* query : {"a=x", "b=x", "a%3bb=x", "a;b=x"})  // split at ';' or not
    BOOST_TEST(handlers::pass_query("https://d.example/?a;b=1", query) == "https://d.example/?a;b=1", query);
  for (const char* query : {"tags=x", "ta=x", "xtag=x", "tag2=x", "a[tag]=x", "%2574ag=x"})
    BOOST_TEST(passed(query) == std::string("https://d.example/p?tag=ours&") + query, query);
}

// What the merchant's server reads of its own parameters is the same with a visitor's query as without it.
BOOST_AUTO_TEST_CASE(the_destinations_own_query_stands_as_it_is) {
  for (const std::string own : {"tag=ours", "tag=ours&", "tag=ours&tag=again", "tag=https://x.example/?", "tag=", "tag",
                                "&tag=1", "a=1;tag=2", "%74ag=1", "tag=1&u=https://x.example/?"})
    for (const std::string query : {"x=1", "tag=theirs&x=1", "x=1&tag=theirs", "x=1&%54ag[]=theirs", "&&x=1", "x=1&"}) {
      const std::string result = handlers::pass_query("https://d.example/p?" + own + "#top", query);
      const std::string joint = own.ends_with('&') ? "" : "&";
      BOOST_TEST(result == "https://d.example/p?" + own + joint + "x=1#top", own << ' ' << query);
      BOOST_TEST(handlers::pass_query(result, query) == result);
    }
}

BOOST_AUTO_TEST_CASE(what_a_header_or_a_page_could_take_for_an_end_is_encoded) {
  const Passing cases[] = {
      {"", "a=1;tag=x", "a=1%3Btag=x"},
      {"", "a=1#b", "a=1%23b"},
      {"", "a=\"<>'\\^`{|}", "a=%22%3C%3E%27%5C%5E%60%7B%7C%7D"},
      {"", "a=\r\nX: y", "a=%0D%0AX:%20y"},
      {"", "a=\x7f\t\x1b", "a=%7F%09%1B"},
      {"", "a=\xc3\xa4\xff", "a=%C3%A4%FF"},
      {"", "a=%", "a=%25"},
      {"", "a=%4", "a=%254"},
      {"", "a=%zz%4g%%41", "a=%25zz%254g%25%41"},
      {"", "a=%c3%A4%0d%0a%00", "a=%c3%A4%0d%0a%00"},
      {"", "a=-._~!$&()*+,=:@/?[]", "a=-._~!$&()*+,=:@/?[]"},
  };
  for (const auto& [unused, query, result] : cases)
    BOOST_TEST(passed(query) == std::string("https://d.example/p?tag=ours&") + result, query);
  BOOST_TEST(passed(std::string("a=\0b", 4)) == "https://d.example/p?tag=ours&a=%00b");
}

BOOST_AUTO_TEST_CASE(a_parameter_that_does_not_fit_is_left_out_whole) {
  const std::string destination = "https://d.example/" + std::string(2000, 'p');
  const std::string large = "a=" + std::string(handlers::kMaxLocation - destination.size() - 3, 'x');
  BOOST_TEST(handlers::pass_query(destination, large).size() == handlers::kMaxLocation);
  BOOST_TEST(handlers::pass_query(destination, large + "x") == destination);
  BOOST_TEST(handlers::pass_query(destination, large + "x&b=1") == destination + "?b=1");
  BOOST_TEST(handlers::pass_query(destination, "c=2&" + large + "&b=1") == destination + "?c=2&b=1");
  BOOST_TEST(handlers::pass_query(destination + "#f", large) == destination + "#f");
  BOOST_TEST(handlers::pass_query(destination, "a=" + std::string(3000, '"')) == destination);
}

BOOST_AUTO_TEST_CASE(a_thousand_parameters_on_either_side_cost_little) {
  std::string own = "https://d.example/?";
  while (own.size() < 2040) own += "a&";
  std::string query;
  while (query.size() < 8000) query += "b&";
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) BOOST_REQUIRE(handlers::pass_query(own, query).size() > 8000);
  const std::chrono::duration<double, std::micro> each = (std::chrono::steady_clock::now() - start) / 100;
  BOOST_TEST_MESSAGE("4,000 parameters passed to a destination with 1,000: " << each.count() << " microseconds");
  BOOST_TEST(each.count() < 20000);
}

BOOST_AUTO_TEST_CASE(no_spelling_with_brackets_passes_for_an_own_parameter) {
  for (const char* query : {"tag]=x", "]tag=x", "tag%5D=x", "tag][=x", "[tag]=x", "[tag=x", "tag[=x", "tag[a]=x"})
    BOOST_TEST(handlers::pass_query("https://d.example/?tag=ours", query) == "https://d.example/?tag=ours", query);
  BOOST_TEST(handlers::pass_query("https://d.example/?tag=ours", "other[a]=x") ==
             "https://d.example/?tag=ours&other[a]=x");
}

BOOST_AUTO_TEST_CASE(the_answer_is_a_302_that_nobody_keeps) {
  const http::Response response = handlers::redirect_to("https://d.example/?a=1#f", "b=2&a=3");
  BOOST_TEST(response.status == 302);
  BOOST_TEST(*response.find("Location") == "https://d.example/?a=1&b=2#f");
  BOOST_TEST(*response.find("Cache-Control") == "private, no-store");
  BOOST_TEST(*response.find("X-Robots-Tag") == "noindex");
  BOOST_TEST(response.headers.size() == 3u);
  BOOST_TEST(response.body.empty());
  BOOST_TEST(*handlers::redirect_to("https://d.example/?a#f", "").find("Location") == "https://d.example/?a#f");
}

BOOST_AUTO_TEST_CASE(a_get_counts_unless_a_browser_looks_ahead_or_we_look_ourselves) {
  const http::Header browser = {"user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"};
  BOOST_TEST(handlers::counts(visit("GET", {browser})));
  BOOST_TEST(handlers::counts(visit("GET", {})));
  BOOST_TEST(handlers::counts(visit("GET", {browser, {"referer", "https://prefetch.example/preview"}})));
  BOOST_TEST(handlers::counts(visit("GET", {{"user-agent", "a prefetch of its own"}})));
  BOOST_TEST(!handlers::counts(visit("HEAD", {browser})));
  for (const http::Header& header : std::vector<http::Header>{{"sec-purpose", "prefetch"},
                                                              {"sec-purpose", "prefetch;prerender"},
                                                              {"sec-purpose", "prefetch;anonymous-client-ip"},
                                                              {"sec-purpose", "Prefetch"},
                                                              {"purpose", "prefetch"},
                                                              {"purpose", "prerender"},
                                                              {"x-moz", "prefetch"},
                                                              {"x-purpose", "preview"},
                                                              {"user-agent", "QuietLeaks-Monitor/1.0 (+https://x)"}})
    BOOST_TEST(!handlers::counts(visit("GET", {header})), header.first + ": " + header.second);
}

BOOST_AUTO_TEST_SUITE_END()
