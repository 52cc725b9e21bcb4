// When a monitor doubts itself instead of the links.
#include "app/monitor/connectivity.hpp"

#include "tests/support/boost_test.hpp"

using check::Ending;
using namespace std::chrono_literals;

namespace {

struct Scene {
  monitor::Connectivity connectivity;
  monitor::Connectivity::Time now = monitor::Connectivity::Time(1h);

  bool after(const std::string& host, Ending ending, std::optional<int> status = {}) {
    check::Record record{.hops = {{.url = "https://" + host + "/", .http_status = status, .location = {}}},
                         .ending = ending,
                         .error = {},
                         .headers = {},
                         .body = {}};
    connectivity.note(record, host, now);
    return connectivity.doubts(record, now);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(connectivity, Scene)

BOOST_AUTO_TEST_CASE(a_few_silent_hosts_are_their_own_fault) {
  after("well", Ending::answered, 200);
  now += 5min;
  for (const std::string host : {"a", "b", "c", "d"}) BOOST_TEST(!after(host, Ending::connect_failed));
  for (int again = 0; again < 50; ++again) BOOST_TEST(!after("a", Ending::timed_out));
}

BOOST_AUTO_TEST_CASE(when_nobody_answers_it_is_ours) {
  after("well", Ending::answered, 200);
  now += 20s;
  for (const std::string host : {"a", "b", "c"}) after(host, Ending::connect_failed);
  after("d", Ending::tls_failed);
  BOOST_TEST(after("e", Ending::timed_out));
  BOOST_TEST(after("a", Ending::connect_failed));
  BOOST_TEST(after("tls", Ending::tls_failed));
  after("well", Ending::answered, 200);
  BOOST_TEST(!after("a", Ending::connect_failed));
}

BOOST_AUTO_TEST_CASE(names_that_do_not_exist_say_nothing_of_us) {
  for (int i = 0; i < 20; ++i) BOOST_TEST(!after("dead" + std::to_string(i), Ending::no_such_host));
  for (const std::string host : {"a", "b", "c", "d", "e"}) after(host, Ending::connect_failed);
  BOOST_TEST(!after("dead", Ending::no_such_host));
  BOOST_TEST(!after("late", Ending::late_lookup));
  after("inside", Ending::refused);  // nothing was asked
  BOOST_TEST(after("f", Ending::connect_failed));
}

BOOST_AUTO_TEST_CASE(many_silent_hosts_among_others_that_answer_are_their_own_fault) {
  for (int i = 0; i < 20; ++i) {
    now += 1s;
    BOOST_TEST(!after("dead" + std::to_string(i), Ending::connect_failed));
    BOOST_TEST(!after("well", Ending::answered, 404));
  }
}

BOOST_AUTO_TEST_CASE(a_resolver_that_knows_no_name_is_ours) {
  BOOST_TEST(after("a", Ending::resolver_failed));
  after("well", Ending::answered, 200);
  BOOST_TEST(after("a", Ending::resolver_failed));
  BOOST_TEST(!after("a", Ending::no_such_host));
}

BOOST_AUTO_TEST_CASE(a_page_that_takes_too_long_has_answered) {
  for (const std::string host : {"a", "b", "c", "d", "e"}) after(host, Ending::connect_failed);
  BOOST_TEST(!after("f", Ending::timed_out, 200));
}

BOOST_AUTO_TEST_SUITE_END()
