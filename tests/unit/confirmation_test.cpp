// Which sequences of verdicts change a link's status, and which do not.
#include "app/check/confirmation.hpp"

#include "tests/support/boost_test.hpp"

using check::FailureMode, check::Next, check::Outcome, db::LinkStatus;

namespace {

check::Verdict verdict(char letter) {
  check::Verdict verdict;
  verdict.outcome = Outcome::conclusive;
  switch (letter) {
    case 'h':
      verdict.status = LinkStatus::healthy;
      break;
    case 's':
      verdict.status = LinkStatus::slow;
      verdict.failure_mode = FailureMode::slow;
      break;
    case 'm':
      verdict.status = LinkStatus::redirected;
      verdict.failure_mode = FailureMode::moved;
      break;
    case 'b':
      verdict.status = LinkStatus::broken;
      verdict.failure_mode = FailureMode::soft_404;
      break;
    case 't':
      verdict.status = LinkStatus::broken;
      verdict.failure_mode = FailureMode::tag_dropped;
      break;
    case '4':
      verdict.status = LinkStatus::broken;
      verdict.failure_mode = FailureMode::not_found;
      verdict.permanent = true;
      break;
    default:
      verdict.outcome = Outcome::inconclusive;
  }
  return verdict;
}

// The status after each of the verdicts, by its first letter (pending: p, redirected: r).
std::string lived(LinkStatus status, const std::string& verdicts) {
  check::Belief belief{.status = status, .suspicion = {}};
  std::string history;
  for (const char letter : verdicts) {
    const auto seen = verdict(letter);
    const auto conclusion = check::conclude(belief, seen);
    if (conclusion.believed) belief.status = *seen.status;
    belief.suspicion = conclusion.suspicion;
    const bool suspects = belief.suspicion.status.has_value();
    BOOST_TEST((conclusion.next == Next::on_schedule) == !suspects);
    if (suspects) BOOST_TEST((conclusion.next == (seen.status ? Next::soon : Next::later)));
    history += db::status_name(belief.status)[0];
  }
  return history;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(confirmation)

BOOST_AUTO_TEST_CASE(a_break_and_a_recovery_take_two_rechecks) {
  BOOST_TEST(lived(LinkStatus::healthy, "bbb") == "hhb");
  BOOST_TEST(lived(LinkStatus::broken, "hhh") == "bbh");
  BOOST_TEST(lived(LinkStatus::healthy, "sss") == "hhs");
  BOOST_TEST(lived(LinkStatus::slow, "hhh") == "ssh");
  BOOST_TEST(lived(LinkStatus::healthy, "mmm") == "hhr");
}

BOOST_AUTO_TEST_CASE(a_permanent_answer_takes_one) {
  BOOST_TEST(lived(LinkStatus::healthy, "44") == "hb");
  BOOST_TEST(lived(LinkStatus::healthy, "b4") == "hb");
  BOOST_TEST(lived(LinkStatus::healthy, "4b") == "hh");
}

BOOST_AUTO_TEST_CASE(a_transient_changes_nothing_and_neither_does_flapping) {
  BOOST_TEST(lived(LinkStatus::healthy, "bh") == "hh");
  BOOST_TEST(lived(LinkStatus::healthy, "bbhbbhbbh") == "hhhhhhhhh");
  BOOST_TEST(lived(LinkStatus::broken, "hbhbhhb") == "bbbbbbb");
  BOOST_TEST(lived(LinkStatus::healthy, "bsbsbs") == "hhhhhh");
}

BOOST_AUTO_TEST_CASE(what_is_inconclusive_neither_confirms_nor_clears) {
  BOOST_TEST(lived(LinkStatus::healthy, "????") == "hhhh");
  BOOST_TEST(lived(LinkStatus::healthy, "b?b?b") == "hhhhb");
  BOOST_TEST(lived(LinkStatus::broken, "?????") == "bbbbb");
  BOOST_TEST(lived(LinkStatus::pending, "?") == "p");
}

BOOST_AUTO_TEST_CASE(a_new_link_is_well_at_once_but_not_broken_at_once) {
  BOOST_TEST(lived(LinkStatus::pending, "h") == "h");
  BOOST_TEST(lived(LinkStatus::pending, "s") == "s");
  BOOST_TEST(lived(LinkStatus::pending, "m") == "r");
  BOOST_TEST(lived(LinkStatus::pending, "bbb") == "ppb");
  BOOST_TEST(lived(LinkStatus::pending, "bh") == "ph");
}

BOOST_AUTO_TEST_CASE(broken_in_another_way_is_broken_all_the_same) {
  BOOST_TEST(lived(LinkStatus::healthy, "btb") == "hhb");
  check::Belief broken{.status = LinkStatus::broken, .suspicion = {}};
  BOOST_TEST(check::conclude(broken, verdict('t')).believed);  // its mode follows at once
}

BOOST_AUTO_TEST_SUITE_END()
