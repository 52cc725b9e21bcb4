// The verdict against its corpus: each case gets what a careful person would say. Prints the confusion table.
#include <map>
#include <set>
#include <string>

#include "app/check/verdict.hpp"
#include "db/known_programs.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/unit/verdict_corpus.hpp"

namespace {

std::string told(const check::Verdict& verdict) {
  std::string text;
  if (verdict.outcome != check::Outcome::conclusive) {
    text = check::outcome_name(verdict.outcome);
  } else {
    text = verdict.status ? db::status_name(*verdict.status) : "no status";
    if (text == "slow") return text;
  }
  if (!verdict.failure_mode) return text;
  text += " " + std::string(check::failure_mode_name(*verdict.failure_mode));
  if (verdict.outcome == check::Outcome::conclusive && verdict.evidence.hop)
    text += " hop " + std::to_string(*verdict.evidence.hop);
  return text;
}

check::Verdict judged(const corpus::Case& c) {
  check::Expectations expectations;
  expectations.baseline = c.baseline;
  expectations.accepted = c.accepted;
  expectations.final_host = c.final_host;
  expectations.tag_parameter = c.tag_parameter;
  expectations.program = c.program;
  expectations.programs = db::known_programs();
  return check::judge(c.asked, c.record, expectations);
}

// Without the hop: the row of the table.
std::string kind(const std::string& verdict) {
  return verdict.substr(0, verdict.find(" hop "));
}

class Confusion {
 public:
  void add(const std::string& expected, const std::string& got) {
    ++counts_[kind(expected)][kind(got)];
    const bool alarm = got.starts_with("broken") || got.starts_with("redirected");
    false_alarms_ += alarm && kind(expected) != kind(got) && !expected.starts_with("broken") ? 1 : 0;
    right_ += expected == got ? 1 : 0;
    ++all_;
  }

  void print(const std::string& name) const {
    BOOST_TEST_MESSAGE("  " << name << ": " << right_ << " of " << all_ << " right, " << false_alarms_
                            << " false alarms");
    for (const auto& [expected, row] : counts_)
      for (const auto& [got, count] : row)
        BOOST_TEST_MESSAGE("    " << expected << std::string(expected.size() < 26 ? 26 - expected.size() : 1, ' ')
                                  << "-> " << got << ": " << count);
  }

 private:
  std::map<std::string, std::map<std::string, int>> counts_;
  int right_ = 0;
  int all_ = 0;
  int false_alarms_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(verdicts)

BOOST_AUTO_TEST_CASE(the_corpus_is_judged_as_a_careful_person_would) {
  Confusion corpus;
  Confusion holdout;
  const auto cases = corpus::read_cases("tests/verdicts");
  std::set<std::string> names;
  for (const auto& c : cases) {
    const auto verdict = judged(c);
    const std::string got = told(verdict);
    BOOST_TEST(got == c.expected, c.place << " \"" << c.name << "\": expected " << c.expected << ", got " << got << " ("
                                          << verdict.evidence.summary << "; " << verdict.evidence.detail << ")");
    BOOST_TEST(!verdict.evidence.summary.empty());
    (c.place.starts_with("holdout") ? holdout : corpus).add(c.expected, got);
  }
  corpus.print("corpus");
  holdout.print("holdout");
  BOOST_TEST(cases.size() >= 200u);
}

BOOST_AUTO_TEST_SUITE_END()
