#include "app/clicks/visitor.hpp"

#include <set>
#include <string>

#include "tests/support/boost_test.hpp"

namespace {

using clicks::network_of;

const clicks::Salt kSalt = {1, 2, 3};
const db::Uuid kAccount = {4, 5, 6};
const std::string kAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

std::uint64_t hash(const std::string& address, const std::string& agent = kAgent) {
  return clicks::visitor_hash(kSalt, address, agent, kAccount);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(visitor)

BOOST_AUTO_TEST_CASE(an_ipv4_address_is_its_own_network) {
  BOOST_TEST(network_of("192.0.2.1") == std::string("\xc0\x00\x02\x01", 4));
  BOOST_TEST(network_of("192.0.2.1") != network_of("192.0.2.2"));
  BOOST_TEST(network_of("::ffff:192.0.2.1") == network_of("192.0.2.1"));
  BOOST_TEST(network_of("::FFFF:c000:201") == network_of("192.0.2.1"));
  BOOST_TEST(network_of("::192.0.2.1") != network_of("192.0.2.1"));
}

BOOST_AUTO_TEST_CASE(of_an_ipv6_address_it_is_the_first_half) {
  BOOST_TEST(network_of("2001:db8:1:2::1") == std::string("\x20\x01\x0d\xb8\x00\x01\x00\x02", 8));
  BOOST_TEST(network_of("2001:db8:1:2:ffff:ffff:ffff:ffff") == network_of("2001:DB8:1:2::"));
  BOOST_TEST(network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1"));
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_its_text) {
  for (const std::string text : {"", "unix:", "192.0.2", "192.0.2.1 ", "192.0.2.256", "2001:db8::1%eth0", "[::1]"})
    BOOST_TEST(network_of(text) == text);
  const std::string longest(64, 'x');
  BOOST_TEST(network_of(longest + "y") == longest);
}

BOOST_AUTO_TEST_CASE(a_visitor_is_the_same_all_day_and_nobody_else) {
  BOOST_TEST(hash("192.0.2.1") == hash("192.0.2.1"));
  BOOST_TEST(hash("192.0.2.1") == hash("::ffff:192.0.2.1"));
  BOOST_TEST(hash("2001:db8::1") == hash("2001:db8::2"));
  clicks::Salt tomorrow = kSalt;
  tomorrow.back() = 1;
  db::Uuid other = kAccount;
  other.back() = 1;
  const std::set<std::uint64_t> all = {hash("192.0.2.1"),
                                       hash("192.0.2.2"),
                                       hash("2001:db8::1"),
                                       hash("2001:db8:0:1::1"),
                                       hash("192.0.2.1", kAgent + "."),
                                       hash("192.0.2.1", ""),
                                       clicks::visitor_hash(tomorrow, "192.0.2.1", kAgent, kAccount),
                                       clicks::visitor_hash(kSalt, "192.0.2.1", kAgent, other)};
  BOOST_TEST(all.size() == 8u);
  BOOST_TEST(all.count(0) == 0u);
}

// Address and user agent stand side by side in what is hashed: where the one ends must matter.
BOOST_AUTO_TEST_CASE(no_byte_wanders_from_the_address_to_the_browser) {
  BOOST_TEST(hash("unix:", "x") != hash("unix:x", ""));
  BOOST_TEST(hash("", "unix:") != hash("unix:", ""));
  const std::string v4("\xc0\x00\x02\x01", 4);
  BOOST_TEST(hash("192.0.2.1", "x") != hash("", v4 + "x"));
}

BOOST_AUTO_TEST_CASE(the_end_of_an_endless_user_agent_does_not_matter) {
  const std::string longest(clicks::kMaxUserAgent, 'x');
  BOOST_TEST(hash("192.0.2.1", longest + "y") == hash("192.0.2.1", longest));
  BOOST_TEST(hash("192.0.2.1", longest.substr(1)) != hash("192.0.2.1", longest));
  BOOST_TEST(hash(std::string(5000, '1'), std::string(100000, 'x')) != 0u);
}

BOOST_AUTO_TEST_CASE(a_user_agent_is_read_in_any_case) {
  const auto person = clicks::classify_agent("MOZILLA/5.0 (IPHONE; CPU IPHONE OS 17_1 LIKE MAC OS X) MOBILE/15E148");
  BOOST_TEST((person.kind == clicks::Kind::human));
  BOOST_TEST((person.device == clicks::Device::mobile));
  BOOST_TEST((clicks::classify_agent("CURL/8.5.0").kind == clicks::Kind::bot));
  BOOST_TEST((clicks::classify_agent("").kind == clicks::Kind::bot));
  BOOST_TEST((clicks::classify_agent("").device == clicks::Device::other));
}

// Ten times as many as it has room for, twice in another order, so that entries are driven out and come back.
BOOST_AUTO_TEST_CASE(the_memo_says_what_it_would_say_afresh) {
  clicks::AgentMemo memo;
  for (const int step : {1, 7, 7919}) {
    for (int i = 0; i < 10240; ++i) {
      const int number = i * step % 10240;
      const std::string agent = number % 3 == 0   ? "curl/" + std::to_string(number)
                                : number % 3 == 1 ? kAgent + std::to_string(number)
                                                  : "Mozilla/5.0 (iPad; CPU OS " + std::to_string(number) + ")";
      const auto fresh = clicks::classify_agent(agent), known = memo.classify(agent);
      BOOST_REQUIRE((fresh.kind == known.kind && fresh.device == known.device));
      const auto again = memo.classify(agent);
      BOOST_REQUIRE((fresh.kind == again.kind && fresh.device == again.device));
    }
  }
  BOOST_TEST((memo.classify("").kind == clicks::Kind::bot));
}

BOOST_AUTO_TEST_SUITE_END()
