// A check as JSON: all members, in their order, whatever was seen.
#include "app/check/report.hpp"

#include "tests/support/boost_test.hpp"
#include "tests/support/json_match.hpp"

using check::Milliseconds, check::Record, check::Verdict;

namespace {

Record two_hops() {
  Record record;
  record.hops.push_back({.url = "https://go.example/x",
                         .http_status = 302,
                         .location = "https://shop.example/",
                         .duration = Milliseconds(12)});
  record.hops.push_back(
      {.url = "https://shop.example/", .http_status = {}, .location = {}, .duration = Milliseconds(30)});
  record.duration = Milliseconds(42);
  return record;
}

std::string difference(const std::string& expected, const std::string& actual) {
  return support::json_difference(expected, actual);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(a_broken_link) {
  Verdict verdict;
  verdict.outcome = check::Outcome::conclusive;
  verdict.status = db::LinkStatus::broken;
  verdict.failure_mode = check::FailureMode::silent_redirect;
  verdict.evidence = {"It ends at the homepage", 0, "https://shop.example/"};
  const auto json = check::report_json("https://go.example/x#y", two_hops(), verdict);
  BOOST_TEST(difference(R"({"url":"https://go.example/x#y","status":"broken","outcome":"conclusive",
      "failure_mode":"silent_redirect","final_url":"https://shop.example/","http_status":null,"duration_ms":42,
      "hops":[{"url":"https://go.example/x","http_status":302,"kind":"http","location":"https://shop.example/","duration_ms":12},
              {"url":"https://shop.example/","http_status":null,"kind":"http","location":null,"duration_ms":30}],
      "evidence":{"summary":"It ends at the homepage","hop":0,"detail":"https://shop.example/"}})",
                        json) == "");
}

BOOST_AUTO_TEST_CASE(nothing_was_concluded) {
  Record record = two_hops();
  record.hops[0].kind = check::HopKind::script;
  Verdict verdict;
  verdict.outcome = check::Outcome::refused;
  const auto json = check::report_json("https://go.example/x", record, verdict);
  BOOST_TEST(difference(R"({"url":"$text","status":null,"outcome":"refused","failure_mode":null,"final_url":"$text",
      "http_status":null,"duration_ms":42,"hops":["$each",2,"$any"],"evidence":{"summary":"","hop":null,"detail":""}})",
                        json) == "");
  BOOST_TEST(json.find(R"("kind":"script")") != std::string::npos);
}

// Text from outside may hold anything; JSON holds UTF-8, and PostgreSQL's no NUL.
BOOST_AUTO_TEST_CASE(text_from_outside_is_made_valid) {
  Record record;
  record.hops.push_back({.url = std::string("https://a.example/\0\xff\"\n", 22),
                         .http_status = 200,
                         .location = std::string("\xc3\x28\0", 3),
                         .duration = {}});
  const auto hops = check::hops_json(record);
  BOOST_TEST(hops.find('\0') == std::string::npos);
  BOOST_TEST(hops.find("u0000") == std::string::npos);
  BOOST_TEST(difference("[{\"url\":\"https://a.example/\xef\xbf\xbd\\\"\\n\",\"http_status\":200,\"kind\":\"http\","
                        "\"location\":\"\xef\xbf\xbd(\",\"duration_ms\":0}]",
                        hops) == "");
  const auto evidence = check::evidence_json({std::string("a\0b", 3), 3, "\xff"});
  BOOST_TEST(difference("{\"summary\":\"ab\",\"hop\":3,\"detail\":\"\xef\xbf\xbd\"}", evidence) == "");
}

BOOST_AUTO_TEST_SUITE_END()
