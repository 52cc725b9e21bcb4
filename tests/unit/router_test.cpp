#include "app/web/router.hpp"

#include "tests/support/boost_test.hpp"

namespace {

http::Response nothing(const http::Request&, web::Context&) {
  return {};
}

const web::Router& router() {
  static const web::Router instance({{"GET", "/api/v1/links", web::Access::key, nothing},
                                     {"POST", "/api/v1/links", web::Access::key, nothing},
                                     {"GET", "/api/v1/links/{id}", web::Access::key, nothing},
                                     {"GET", "/api/v1/links/{id}/checks", web::Access::key, nothing},
                                     {"GET", "/healthz", web::Access::open, nothing}});
  return instance;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(router_suite)

BOOST_AUTO_TEST_CASE(a_path_finds_its_route_and_parameter) {
  const auto match = router().match("GET", "/api/v1/links/abc");
  BOOST_REQUIRE(match.route);
  BOOST_TEST(match.route->pattern == "/api/v1/links/{id}");
  BOOST_TEST(match.path_parameter == "abc");
  const auto below = router().match("GET", "/api/v1/links/abc/checks");
  BOOST_REQUIRE(below.route);
  BOOST_TEST(below.route->pattern == "/api/v1/links/{id}/checks");
  BOOST_TEST(below.path_parameter == "abc");
  BOOST_TEST(router().match("GET", "/healthz").route->pattern == "/healthz");
}

BOOST_AUTO_TEST_CASE(head_is_served_where_get_is) {
  BOOST_TEST(router().match("HEAD", "/api/v1/links").route);
  BOOST_TEST(router().match("HEAD", "/healthz").route);
}

BOOST_AUTO_TEST_CASE(a_known_path_with_another_method_says_what_it_allows) {
  const auto match = router().match("DELETE", "/api/v1/links");
  BOOST_TEST(!match.route);
  BOOST_TEST(match.allow == "GET, HEAD, POST");
  BOOST_TEST(router().match("OPTIONS", "/api/v1/links/x").allow == "GET, HEAD");
  BOOST_TEST(router().match("get", "/healthz").allow == "GET, HEAD");  // methods are case-sensitive
}

BOOST_AUTO_TEST_CASE(a_path_means_only_what_it_says) {
  for (const char* path :
       {"", "/", "api/v1/links", "/api/v1/links/", "//api/v1/links", "/api//v1/links", "/api/v1/links//",
        "/api/v1/../v1/links", "/api/v1/%6Cinks", "/API/v1/links", "/api/v1/links/a/b", "/api/v1/links/a/",
        "/api/v1/links/a/checks/", "/api/v1/links/%2F/checks/x", "/api/v1/links\n", "/healthz/x"}) {
    const auto match = router().match("GET", path);
    BOOST_TEST(!match.route, path);
    BOOST_TEST(match.allow.empty(), path);
  }
}

BOOST_AUTO_TEST_CASE(plain_segments_come_before_parameters_whatever_the_order) {
  const web::Router mixed({{"GET", "/links/{id}", web::Access::key, nothing},
                           {"PATCH", "/links/{id}", web::Access::key, nothing},
                           {"POST", "/links/bulk", web::Access::key, nothing},
                           {"GET", "/links/export", web::Access::key, nothing},
                           {"GET", "/links/{id}/clicks", web::Access::key, nothing},
                           {"POST", "/links", web::Access::key, nothing},
                           {"GET", "/links", web::Access::key, nothing}});
  BOOST_TEST(mixed.match("HEAD", "/links/export").route->pattern == "/links/export");
  BOOST_TEST(mixed.match("POST", "/links/bulk").route->pattern == "/links/bulk");
  BOOST_TEST(mixed.match("GET", "/links/bulk2").path_parameter == "bulk2");
  BOOST_TEST(mixed.match("GET", "/links/bulk/clicks").path_parameter == "bulk");  // no other pattern is that long
  for (const char* method : {"GET", "HEAD", "PATCH", "DELETE"}) {
    const auto match = mixed.match(method, "/links/bulk");
    BOOST_TEST(!match.route, method);
    BOOST_TEST(match.allow == "POST");
  }
  BOOST_TEST(mixed.match("PATCH", "/links/export").allow == "GET, HEAD");
  BOOST_TEST(mixed.match("DELETE", "/links/1").allow == "GET, HEAD, PATCH");
  BOOST_TEST(mixed.match("DELETE", "/links").allow == "POST, GET, HEAD");
}

BOOST_AUTO_TEST_CASE(an_encoded_slash_stays_inside_its_segment) {
  BOOST_TEST(router().match("GET", "/api/v1/links/a%2Fchecks").path_parameter == "a%2Fchecks");
  BOOST_TEST(router().match("GET", "/api/v1/links/..").path_parameter == "..");
}

BOOST_AUTO_TEST_SUITE_END()
