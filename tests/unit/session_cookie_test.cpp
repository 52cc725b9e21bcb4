// What comes with a browser's requests: the session's cookie, and where they come from.
#include "app/web/session_cookie.hpp"

#include <set>

#include "app/base/token.hpp"
#include "app/http/problem.hpp"
#include "app/web/cross_site.hpp"
#include "tests/support/boost_test.hpp"

namespace {

struct Line {
  const char* method;
  const char* site;    // Sec-Fetch-Site; empty: not there
  const char* origin;  // likewise
  bool passes;
};

bool passes(const Line& line, const std::string& public_url) {
  http::Request request;
  request.method = line.method;
  if (*line.site != '\0') request.headers.emplace_back("sec-fetch-site", line.site);
  if (*line.origin != '\0') request.headers.emplace_back("origin", line.origin);
  try {
    web::require_same_origin(request, public_url);
    return true;
  } catch (const http::Problem& problem) {
    BOOST_TEST(problem.code() == "cross_site_request");
    return false;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(session_cookie_suite)

BOOST_AUTO_TEST_CASE(the_cookie_is_found_among_others) {
  const auto found = [](std::string_view cookies) { return web::session_cookie(cookies).value_or("none"); };
  BOOST_TEST(found("__Host-ql_session=abc") == "abc");
  BOOST_TEST(found("a=1; __Host-ql_session=abc; b=2") == "abc");
  BOOST_TEST(found("a=1;__Host-ql_session=abc;b=2") == "abc");
  BOOST_TEST(found("__Host-ql_session=abc; __Host-ql_session=def") == "abc");
  BOOST_TEST(found("__Host-ql_session=") == "");
  BOOST_TEST(found("__Host-ql_session=a=b") == "a=b");
  for (const char* none : {"", ";", ";;; ", "a=1", "ql_session=abc", "__Host-ql_session", "x__Host-ql_session=abc",
                           "__host-ql_session=abc", "a=__Host-ql_session=abc"})
    BOOST_TEST(found(none) == "none", none);
}

BOOST_AUTO_TEST_CASE(the_cookie_is_kept_from_scripts_and_other_sites) {
  BOOST_TEST(web::keep_session_cookie("abc", 60) ==
             "__Host-ql_session=abc; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60");
  BOOST_TEST(web::clear_session_cookie() == "__Host-ql_session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

BOOST_AUTO_TEST_CASE(tokens_are_well_formed_and_all_different) {
  std::set<std::string> tokens;
  for (int i = 0; i < 1'000; ++i) {
    const auto token = base::generate_token();
    BOOST_TEST(base::well_formed_token(token), token);
    tokens.insert(token);
  }
  BOOST_TEST(tokens.size() == 1'000U);
  const std::string good(43, 'a');
  BOOST_TEST(base::well_formed_token(good));
  for (const std::string& bad : {std::string(), good + 'a', good.substr(1), good.substr(1) + '=', good.substr(1) + '/',
                                 good.substr(1) + '+', good.substr(1) + '\0'})
    BOOST_TEST(!base::well_formed_token(bad), bad);
}

BOOST_AUTO_TEST_CASE(only_our_own_pages_requests_pass) {
  const std::string ours = "https://links.example:8443";
  const Line table[] = {
      {"GET", "", "", true},
      {"HEAD", "", "", true},
      {"GET", "none", "", true},
      {"GET", "same-origin", "", true},
      {"GET", "same-site", "", false},
      {"GET", "cross-site", "", false},
      {"GET", "", "https://evil.example", false},
      {"POST", "", "", false},
      {"PATCH", "", "", false},
      {"DELETE", "", "", false},
      {"POST", "none", "", false},
      {"POST", "same-origin", "", true},
      {"POST", "", "https://links.example:8443", true},
      {"DELETE", "same-origin", "https://links.example:8443", true},
      {"POST", "same-origin", "https://evil.example", false},
      {"POST", "cross-site", "https://links.example:8443", false},
      {"POST", "same-site", "https://links.example:8443", false},
      {"POST", "", "null", false},
      {"POST", "", "https://links.example", false},
      {"POST", "", "http://links.example:8443", false},
      {"POST", "", "https://links.example:8443.evil.example", false},
      {"POST", "", "https://links.example:84430", false},
      {"POST", "Same-Origin", "", false},
  };
  for (const auto& line : table)
    BOOST_TEST(passes(line, ours) == line.passes,
               line.method << " site \"" << line.site << "\" origin \"" << line.origin << '"');
}

BOOST_AUTO_TEST_CASE(an_origin_is_as_browsers_write_it_whatever_the_settings_do) {
  const Line line{"POST", "", "https://links.example", true};
  for (const char* url : {"https://links.example", "https://Links.Example", "https://links.example:443"})
    BOOST_TEST(passes(line, url), url);
  BOOST_TEST(!passes(line, "https://links.example:4430"));
}

BOOST_AUTO_TEST_SUITE_END()
