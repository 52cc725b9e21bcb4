// Checks as JSON: what scripts and the API read.
#include "app/check/report.hpp"

#include "tests/support/boost_test.hpp"

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(a_check_is_told_in_full_and_as_valid_json_whatever_it_saw) {
  check::Record record;
  record.hops.emplace_back();
  record.hops[0].url = "https://a.example/";
  record.hops[0].http_status = 302;
  record.hops[0].kind = check::HopKind::meta;
  record.hops[0].location = "https://b.example/\xff";
  record.hops[0].duration = check::Milliseconds(12);
  record.hops.emplace_back();
  record.hops[1].url = std::string("https://b.example/\0\xff", 20);
  record.duration = check::Milliseconds(30);
  check::Verdict verdict;
  verdict.outcome = check::Outcome::conclusive;
  verdict.status = db::LinkStatus::broken;
  verdict.failure_mode = check::FailureMode::unreachable;
  verdict.evidence = {.summary = "It says \"no\"", .hop = 1, .detail = "\xc3"};
  BOOST_TEST(
      check::report_json("https://a.example/", record, verdict) ==
      R"({"url":"https://a.example/","status":"broken","outcome":"conclusive","failure_mode":"unreachable",)"
      "\"final_url\":\"https://b.example/\xEF\xBF\xBD\",\"http_status\":null,\"duration_ms\":30,\"hops\":["
      R"({"url":"https://a.example/","http_status":302,"kind":"meta","location":"https://b.example/)"
      "\xEF\xBF\xBD\",\"duration_ms\":12},{\"url\":\"https://b.example/\xEF\xBF\xBD\",\"http_status\":null,"
      R"("kind":"http","location":null,"duration_ms":0}],"evidence":{"summary":"It says \"no\"","hop":1,"detail":")"
      "\xEF\xBF\xBD\"}}");
}

BOOST_AUTO_TEST_CASE(what_was_not_concluded_is_null) {
  check::Record record;
  record.hops.emplace_back();
  check::Verdict verdict;
  verdict.outcome = check::Outcome::inconclusive;
  const auto json = check::report_json("x", record, verdict);
  BOOST_TEST(json.find(R"("status":null,"outcome":"inconclusive","failure_mode":null)") != std::string::npos);
  BOOST_TEST(check::evidence_json({}) == R"({"summary":"","hop":null,"detail":""})");
  BOOST_TEST(check::hops_json({}) == "[]");
}

BOOST_AUTO_TEST_SUITE_END()
