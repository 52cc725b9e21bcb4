// Requests wait for turns that somebody else grants, each called once, none forgotten.
#include "app/monitor/politeness.hpp"

#include "tests/support/boost_test.hpp"

using monitor::Clock, monitor::Politeness;

namespace {

struct Scene {
  Politeness politeness;
  Clock::time_point now = Clock::now();
  std::string called;

  void enter(const std::string& host, char name) {
    politeness.enter(host, [this, name] { called += name; });
  }
  void grant(const std::string& host, int count, int again_ms = 0) {
    politeness.grant({{.host = host, .count = count, .again_ms = again_ms}}, now);
  }
  std::string wanted() {
    std::string text;
    for (const auto& [host, count] : politeness.wanted(now)) text += host + std::to_string(count);
    return text;
  }
  std::string returned() {
    std::string text;
    for (const auto& turns : politeness.take_returned()) text += turns.host + std::to_string(turns.count);
    return text;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(politeness, Scene)

BOOST_AUTO_TEST_CASE(those_who_wait_are_called_in_their_order_as_turns_are_granted) {
  enter("a", '1');
  enter("a", '2');
  enter("a", '3');
  BOOST_TEST(called == "");
  BOOST_TEST(wanted() == "a3");
  BOOST_TEST(wanted() == "");  // asked for already
  grant("a", 2);
  BOOST_TEST(called == "12");
  BOOST_TEST(politeness.waiting("a") == 1u);
  BOOST_TEST(wanted() == "a1");
  grant("a", 1);
  BOOST_TEST(called == "123");
  BOOST_TEST(politeness.waiting("a") == 0u);
  BOOST_TEST(wanted() == "");
}

BOOST_AUTO_TEST_CASE(a_host_that_is_busy_is_not_asked_about_before_its_time) {
  enter("a", '1');
  wanted();
  grant("a", 0, 500);
  BOOST_TEST(wanted() == "");
  BOOST_TEST((politeness.next_wish() == now + std::chrono::milliseconds(500)));
  now += std::chrono::milliseconds(500);
  BOOST_TEST(wanted() == "a1");
}

BOOST_AUTO_TEST_CASE(turns_that_nobody_needs_any_more_go_back) {
  enter("a", '1');
  wanted();
  grant("a", 3);
  BOOST_TEST(called == "1");
  BOOST_TEST(returned() == "a2");
  politeness.leave("a");
  BOOST_TEST(returned() == "a1");
  BOOST_TEST(returned() == "");
  grant("b", 1);  // nobody waits there
  BOOST_TEST(returned() == "b1");
}

BOOST_AUTO_TEST_CASE(an_answer_that_got_lost_is_asked_for_again) {
  enter("a", '1');
  wanted();
  BOOST_TEST((politeness.next_wish() == Clock::time_point::max()));
  politeness.ask_again();
  BOOST_TEST(wanted() == "a1");
}

BOOST_AUTO_TEST_CASE(whoever_is_called_may_come_back_at_once) {
  politeness.enter("a", [this] {
    called += '1';
    enter("a", '2');
    enter("b", '3');
  });
  wanted();
  grant("a", 1);
  BOOST_TEST(called == "1");
  const auto both = wanted();
  BOOST_TEST((both == "a1b1" || both == "b1a1"));
}

BOOST_AUTO_TEST_CASE(where_many_wait_or_the_wait_is_long_nobody_else_shall) {
  for (const char name : {'1', '2', '3', '4', '5'}) enter("a", name);
  BOOST_TEST(!politeness.busy("a"));
  enter("a", '6');
  BOOST_TEST(politeness.busy("a"));
  for (const char name : {'7', '8', '9', 'A', 'B'}) enter("a", name);
  BOOST_TEST(!politeness.crowded("a"));
  enter("a", 'C');
  BOOST_TEST(politeness.crowded("a"));
  BOOST_TEST(!politeness.crowded("b"));
  enter("b", 'D');
  BOOST_TEST(wanted() != "");
  grant("b", 0, 60'000);
  BOOST_TEST(politeness.busy("b"));
  BOOST_TEST(politeness.crowded("b"));
  BOOST_TEST(politeness.until_open("b", now).count() == 60'000);
  BOOST_TEST(politeness.until_open("c", now).count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
