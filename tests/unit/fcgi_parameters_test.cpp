#include "app/server/fcgi_parameters.hpp"

#include <string>
#include <vector>

#include "app/http/problem.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using Parameters = std::vector<std::string>;

http::Request read(const Parameters& parameters) {
  std::vector<const char*> pointers;
  for (const auto& parameter : parameters) pointers.push_back(parameter.c_str());
  pointers.push_back(nullptr);
  http::Request request;
  server::read_parameters(pointers.data(), request);
  return request;
}

int status_of(const Parameters& parameters) {
  try {
    read(parameters);
  } catch (const http::Problem& problem) {
    return problem.status();
  }
  return 200;
}

Parameters get(const std::string& uri) {
  return {"REQUEST_METHOD=GET", "REQUEST_URI=" + uri};
}

BOOST_AUTO_TEST_SUITE(fcgi_parameters)

BOOST_AUTO_TEST_CASE(a_whole_request) {
  const auto request =
      read({"FCGI_ROLE=RESPONDER", "REQUEST_METHOD=POST", "REQUEST_URI=/api/v1/links?limit=5&q=a%3Fb?c", "HTTPS=on",
            "REQUEST_ID=0123456789abcdef", "REMOTE_ADDR=2001:db8::1", "CONTENT_TYPE=application/json",
            "CONTENT_LENGTH=12", "HTTP_PROXY=", "HTTP_IF_NONE_MATCH=\"x=y\"", "HTTP_AUTHORIZATION=Bearer ql_x"});
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.path == "/api/v1/links");
  BOOST_TEST(request.query == "limit=5&q=a%3Fb?c");
  BOOST_TEST(request.id == "0123456789abcdef");
  BOOST_TEST(request.remote_addr == "2001:db8::1");
  BOOST_TEST(request.https);
  BOOST_TEST(request.headers.size() == 3u);
  BOOST_TEST(request.header("content-type") == "application/json");
  BOOST_TEST(request.header("if-none-match") == "\"x=y\"");
  BOOST_TEST(request.header("authorization") == "Bearer ql_x");
}

BOOST_AUTO_TEST_CASE(only_on_means_https) {
  BOOST_TEST(!read(get("/")).https);
  BOOST_TEST(!read({"REQUEST_METHOD=GET", "REQUEST_URI=/", "HTTPS=off"}).https);
}

BOOST_AUTO_TEST_CASE(an_odd_request_id_is_replaced) {
  for (const std::string odd : {"", "a/b", "has space in it", "semi;colon;;"})
    BOOST_TEST(read({"REQUEST_METHOD=GET", "REQUEST_URI=/", "REQUEST_ID=" + odd}).id.size() == 36u);
}

BOOST_AUTO_TEST_CASE(what_is_no_request_gets_400) {
  BOOST_TEST(status_of({}) == 400);
  BOOST_TEST(status_of({"REQUEST_URI=/"}) == 400);
  BOOST_TEST(status_of({"REQUEST_METHOD=GET"}) == 400);
  BOOST_TEST(status_of({"REQUEST_METHOD", "REQUEST_URI"}) == 400);
  BOOST_TEST(status_of({"REQUEST_METHOD=G T", "REQUEST_URI=/"}) == 400);
  BOOST_TEST(status_of({"REQUEST_METHOD=" + std::string(33, 'A'), "REQUEST_URI=/"}) == 400);
  BOOST_TEST(status_of(get("*")) == 400);
  BOOST_TEST(status_of(get("http://other/")) == 400);
}

BOOST_AUTO_TEST_CASE(size_limits) {
  BOOST_TEST(status_of(get("/" + std::string(server::kMaxUriBytes - 1, 'a'))) == 200);
  BOOST_TEST(status_of(get("/" + std::string(server::kMaxUriBytes, 'a'))) == 414);
  Parameters many = get("/");
  for (std::size_t i = 0; i < server::kMaxHeaders; ++i) many.push_back("HTTP_X_" + std::to_string(i) + "=1");
  BOOST_TEST(status_of(many) == 200);
  many.push_back("HTTP_ONE_MORE=1");
  BOOST_TEST(status_of(many) == 431);
  Parameters large = get("/");
  large.push_back("HTTP_X=" + std::string(server::kMaxHeaderBytes, 'x'));
  BOOST_TEST(status_of(large) == 431);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
