// The monitor with Chromium: scripts lead on, a few browsers at once hold nobody else up, and none outlives it.
#include <algorithm>
#include <csignal>

#include "tests/faults/monitor_instance.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/process_tree.hpp"
#include "tests/support/wait_until.hpp"

namespace faults {
namespace {

using support::ShopRequest, support::ShopServer, support::wait_until;

const std::string kProduct =
    ShopServer::page("Microphone X100",
                     "<h1>Microphone X100</h1><p>It hears you well, and costs 99.00.</p><button>Add to cart</button>");

std::string page_of_script(const std::string& script) {
  return ShopServer::page("", "<script>" + script + "</script>");
}

std::string answer(const ShopRequest& request) {
  const auto is = [&](const std::string& path) { return request.target.starts_with(path); };
  if (is("/gone")) return ShopServer::status(404);
  if (is("/leads")) return page_of_script("location = ['', 'product', '1'].join('/')");
  if (is("/loses")) return page_of_script("location = ['', 'gone', '1'].join('/')");
  if (is("/stays")) return page_of_script("for (;;);");
  return kProduct;
}

int times(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

BOOST_AUTO_TEST_SUITE(monitor_headless)

BOOST_AUTO_TEST_CASE(scripts_are_followed_two_at_a_time) {
  MonitorInstance instance(answer, {.timeout_s = 20, .slow_after_ms = 20'000, .more = "headless = true\n"});
  constexpr int kLinks = 5;
  for (int i = 0; i < kLinks; ++i) {
    const std::string name = "leads" + std::to_string(i);
    instance.add(name, instance.shops().url(name + ".example", "/leads"));
  }
  instance.add("loses", instance.shops().url("loses.example", "/loses"));
  const auto monitor = instance.start();
  std::size_t most = 0;
  const auto judged = [&] {
    most = std::max(most, support::children(monitor.pid()).size());
    return instance.sql("select count(*) from links where status <> 'pending'") == std::to_string(kLinks + 1);
  };
  BOOST_TEST(wait_until(judged, 90), instance.log());
  BOOST_TEST(most == 2U);
  for (int i = 0; i < kLinks; ++i) {
    const std::string name = "leads" + std::to_string(i);
    BOOST_TEST(instance.status(name) == "healthy");
    BOOST_TEST(instance.check(name, "hops->0->>'kind', hops->1->>'kind', hops->1->>'http_status', final_url") ==
               "script http 200 " + instance.shops().url(name + ".example", "/product/1"));
  }
  BOOST_TEST(instance.status("loses") == "broken not_found");
  BOOST_TEST(instance.check("loses", "hops->0->>'kind', evidence->>'hop'") == "script 1");
}

BOOST_AUTO_TEST_CASE(browsers_hold_nobody_up_and_die_with_the_monitor) {
  MonitorInstance instance(answer, {.timeout_s = 20, .slow_after_ms = 20'000, .more = "headless = true\n"});
  for (int i = 0; i < 2; ++i)
    instance.add("stays" + std::to_string(i), instance.shops().url("s" + std::to_string(i) + ".example", "/stays"));
  auto monitor = instance.start();
  BOOST_REQUIRE_MESSAGE(wait_until([&] { return support::children(monitor.pid()).size() == 2; }, 30), instance.log());
  const auto browsers = support::children(monitor.pid());
  BOOST_REQUIRE(wait_until([&] { return support::descendants(monitor.pid()).size() > 6; }, 30));
  const auto all = support::descendants(monitor.pid());
  BOOST_TEST(std::includes(all.begin(), all.end(), browsers.begin(), browsers.end()));
  instance.add("plain", instance.shops().url("plain.example", "/product/1"));
  BOOST_TEST(wait_until([&] { return instance.status("plain") == "healthy"; }, 30), instance.log());
  BOOST_TEST(instance.sql("select count(*) from checks where link_id <> (select id from links where slug = 'plain')") ==
             "0");
  monitor.signal(SIGKILL);
  monitor.wait(5);
  BOOST_TEST(wait_until([&] { return !support::any_alive(all); }, 5));
}

BOOST_AUTO_TEST_CASE(a_monitor_without_chromium_says_so_once_and_checks_on) {
  MonitorInstance instance(answer, {.timeout_s = 5, .more = "headless = true\nheadless_program = \"/nowhere\"\n"});
  for (int i = 0; i < 3; ++i)
    instance.add("leads" + std::to_string(i), instance.shops().url("l" + std::to_string(i) + ".example", "/leads"));
  const auto monitor = instance.start();
  BOOST_TEST(wait_until([&] { return instance.sql("select count(distinct link_id) from checks") == "3"; }, 30));
  BOOST_TEST(instance.check("leads0", "hops->0->>'kind', outcome, failure_mode") == "http inconclusive js_redirect");
  BOOST_TEST(times(instance.log(), "scripts_are_not_followed") == 1, instance.log());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace faults
