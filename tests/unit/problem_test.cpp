#include "app/http/problem.hpp"

#include "tests/support/boost_test.hpp"

namespace {

std::string title(int status) {
  return std::string(http::Problem(status, "x", "y").title());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(problem_suite)

BOOST_AUTO_TEST_CASE(the_members_come_in_their_order) {
  const http::Problem problem(404, "not_found", "There is no such link.");
  const http::Response response = http::render(problem, "https://links.example.com", "req-12345678");
  BOOST_TEST(response.status == 404);
  BOOST_TEST(*response.find("content-type") == "application/problem+json");
  BOOST_TEST(response.body ==
             R"({"type":"https://links.example.com/docs/errors#not_found","title":"Not Found","status":404,)"
             R"("detail":"There is no such link.","code":"not_found","request_id":"req-12345678"})");
}

BOOST_AUTO_TEST_CASE(field_errors_name_their_parameter_or_pointer) {
  http::Problem problem(422, "invalid_body", "Two fields are wrong.");
  problem.with({.detail = "must be a URL", .parameter = {}, .pointer = "/url"});
  problem.with({.detail = "too large", .parameter = "limit", .pointer = {}});
  const std::string body = http::render(problem, "https://x", "id").body;
  BOOST_TEST(body.ends_with(
      R"("errors":[{"detail":"must be a URL","pointer":"/url"},{"detail":"too large","parameter":"limit"}]})"));
}

BOOST_AUTO_TEST_CASE(titles_are_the_references_and_rfc_9110s) {
  BOOST_TEST(title(400) == "Bad Request");
  BOOST_TEST(title(401) == "Unauthorized");
  BOOST_TEST(title(403) == "Forbidden");
  BOOST_TEST(title(404) == "Not Found");
  BOOST_TEST(title(429) == "Too Many Requests");
  BOOST_TEST(title(500) == "Internal Error");
  BOOST_TEST(title(503) == "Service Unavailable");
}

BOOST_AUTO_TEST_CASE(headers_travel_with_the_problem) {
  http::Problem problem(401, "missing_api_key", "Send a key.");
  problem.with_header("WWW-Authenticate", "Bearer realm=\"quietleaks\"");
  BOOST_TEST(*http::render(problem, "https://x", "id").find("www-authenticate") == "Bearer realm=\"quietleaks\"");
}

BOOST_AUTO_TEST_CASE(what_is_for_the_log_never_reaches_the_client) {
  http::Problem problem(500, "internal_error", "Something went wrong on our side.");
  problem.for_log("password=hunter2");
  const http::Response response = http::render(problem, "https://x", "id");
  BOOST_TEST(problem.log_detail() == "password=hunter2");
  BOOST_TEST(response.body.find("hunter2") == std::string::npos);
  for (const auto& [name, value] : response.headers) BOOST_TEST(value.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_detail_that_is_not_utf8_is_still_said) {
  http::Problem problem(400, "invalid_parameter", "not '\xff'");
  problem.with({.detail = "\xfe", .parameter = "a\xc0", .pointer = {}});
  const std::string body = http::render(problem, "https://x", "id\x80").body;
  BOOST_TEST(body.find("not '\ufffd'") != std::string::npos);
  BOOST_TEST(body.find("\"parameter\":\"a\ufffd\"") != std::string::npos);
  BOOST_TEST(body.find("\"request_id\":\"id\ufffd\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
