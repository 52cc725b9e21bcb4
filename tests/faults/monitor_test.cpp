// The monitor against shops over real sockets: it finds every way to fail, believes nothing too soon, loses no check
// when it is killed, and is polite together with others.
#include <atomic>
#include <csignal>
#include <random>

#include "tests/faults/monitor_instance.hpp"
#include "tests/faults/timing.hpp"
#include "tests/support/boost_test.hpp"

namespace faults {
namespace {

using support::ShopRequest, support::ShopServer;

const std::string kProduct =
    ShopServer::page("Microphone X100",
                     "<h1>Microphone X100</h1><p>It hears you well, and costs 99.00.</p><button>Add to cart</button>");
const std::string kHome = ShopServer::page("Example Shop", "<h1>Welcome to Example Shop</h1><a href='/p/1'>One</a>");

std::string sold_out() {
  return ShopServer::page(
      "Microphone X100",
      "<h1>Microphone X100</h1><script type='application/ld+json'>{\"@context\":"
      "\"https://schema.org\",\"@type\":\"Product\",\"name\":\"Microphone X100\",\"offers\":{\"@type\":"
      "\"Offer\",\"price\":\"99\",\"availability\":\"https://schema.org/OutOfStock\"}}</script>");
}

// What a path leads to; hosts only tell who is asked.
std::string answer(const ShopRequest& request) {
  const auto is = [&](const std::string& path) { return request.target.starts_with(path); };
  if (is("/gone")) return ShopServer::status(404);
  if (is("/to-home")) return ShopServer::redirect(302, "/");
  if (request.target == "/") return kHome;
  if (is("/drops")) return ShopServer::redirect(302, "/middle?" + request.target.substr(request.target.find('?') + 1));
  if (is("/middle")) return ShopServer::redirect(302, "/product/1");
  if (is("/meta"))
    return "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><head><meta "
           "http-equiv=\"refresh\" content=\"0;url=/gone\"></head></html>";
  if (is("/soft"))
    return ShopServer::page("Page not found",
                            "<h1>Page not found</h1><p>Sorry, this page does not exist any more.</p>");
  if (is("/sold-out")) return sold_out();
  if (is("/loop")) return ShopServer::redirect(302, "/loop");
  if (is("/error")) return ShopServer::status(500);
  if (is("/moved")) return ShopServer::redirect(301, "/product/microphone-x100-new");
  if (is("/slow")) sleep_ms(700);
  if (is("/forbidden")) return ShopServer::status(403);
  if (is("/busy")) return ShopServer::status(429, "Retry-After: 3600\r\n");
  if (is("/away")) return ShopServer::status(503);
  if (is("/robot"))
    return ShopServer::page("Robot Check",
                            "<h4>Enter the characters you see below</h4><p>Sorry, we just need to make sure "
                            "you're not a robot.</p><form action='/errors/validateCaptcha'></form>");
  return kProduct;
}

BOOST_AUTO_TEST_SUITE(monitor)

BOOST_AUTO_TEST_CASE(every_way_to_fail_is_found_and_what_is_doubtful_left_alone) {
  MonitorInstance instance(answer);
  struct Case {
    std::string name, path, status, hop;  // of the fault
  };
  const std::vector<Case> cases = {
      {"gone", "/gone", "broken not_found", "0"},
      {"home", "/to-home/product/1", "broken silent_redirect", "0"},
      {"tag", "/drops/product/1?tag=publisher-20", "broken tag_dropped", "1"},
      {"meta", "/meta", "broken not_found", "1"},
      {"soft", "/soft/product/1", "broken soft_404", "0"},
      {"sold", "/sold-out/product/1", "broken out_of_stock", "0"},
      {"loop", "/loop", "broken redirect_loop", "0"},
      {"error", "/error", "broken server_error", "0"},
      {"moved", "/moved/product/1", "redirected moved", "0"},
      {"slow", "/slow/product/1", "slow slow", ""},
      {"well", "/product/1?tag=publisher-20", "healthy", ""},
      {"forbidden", "/forbidden", "pending", ""},
      {"busy", "/busy", "pending", ""},
      {"away", "/away", "pending", ""},
      {"robot", "/robot", "pending", ""},
  };
  for (const auto& one : cases) instance.add(one.name, instance.shops().url(one.name + ".example", one.path));
  instance.add("silent", "http://127.0.0.1:1/product");  // nobody listens there
  instance.add("tls", "https" + instance.shops().url("tls.example", "/product/1").substr(4));
  instance.add("inside", "http://169.254.169.254/latest/meta-data");

  const auto monitor = instance.start();
  const auto judged = [&] {
    return instance.sql(
               "select count(*) from links where status <> 'pending' or slug in ('inside', 'busy', 'away', "
               "'forbidden', 'robot') and last_checked_at is not null") == "18";
  };
  BOOST_TEST(wait_until(judged, 20),
             instance.sql("select string_agg(slug || ' ' || status, ', ') from links where status = "
                          "'pending'")
                 << instance.log());
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.name << ": " << instance.check(one.name, "outcome, evidence")) {
      BOOST_TEST(instance.status(one.name) == one.status);
      if (!one.hop.empty()) BOOST_TEST(instance.check(one.name, "evidence->>'hop'") == one.hop);
      if (one.status == "pending") BOOST_TEST(instance.check(one.name, "outcome, status") == "inconclusive");
    }
  }
  BOOST_TEST(instance.status("silent") == "broken unreachable");
  BOOST_TEST(instance.status("tls") == "broken tls_error");
  BOOST_TEST(instance.status("inside") == "pending");
  BOOST_TEST(instance.check("inside", "outcome") == "refused");
  BOOST_TEST(instance.sql("select count(*) from alerts where kind = 'break'") == "10");
  BOOST_TEST(instance.sql("select count(*) from alerts where kind = 'recovery'") == "0");
  BOOST_TEST(
      instance.sql("select due_at > now() + interval '59 minutes' from link_watch join links on id = link_id where "
                   "slug = 'busy'") == "t");
  // A break was seen three times before it was believed, and a permanent one twice.
  BOOST_TEST(instance.sql("select count(*) from checks join links on links.id = link_id where slug = 'error'") == "3");
  BOOST_TEST(instance.sql("select count(*) from checks join links on links.id = link_id where slug = 'gone'") == "2");
  BOOST_TEST_MESSAGE("  monitor: 12 ways to fail found with their hops, 5 doubtful answers left alone");
}

BOOST_AUTO_TEST_CASE(transients_and_flapping_change_nothing) {
  std::atomic<int> asked = 0;
  MonitorInstance instance([&](const ShopRequest& request) {
    if (request.host == "flaps.example") return ++asked % 3 == 1 ? kProduct : ShopServer::status(500);
    return kProduct;
  });
  instance.add("flaps", instance.shops().url("flaps.example", "/product/1"));
  const auto monitor = instance.start();
  BOOST_REQUIRE_MESSAGE(wait_until([&] { return instance.status("flaps") == "healthy"; }, 10), instance.log());
  for (int round = 0; round < 2; ++round) {
    const int until = asked + 3;
    const auto three_more = [&] {
      instance.all_due();  // once what was asked last is recorded
      return asked >= until;
    };
    BOOST_TEST(wait_until(three_more, 30));
  }
  BOOST_TEST(instance.status("flaps") == "healthy");
  BOOST_TEST(instance.sql("select count(*) from events where type = 'link.status_changed'") == "1");
  BOOST_TEST(instance.sql("select count(*) from alerts") == "0");
  BOOST_TEST(instance.sql("select count(*) >= 4 from checks where status = 'broken'") == "t");
}

BOOST_AUTO_TEST_CASE(killed_at_any_moment_no_check_is_lost_and_no_event_doubled) {
  std::atomic<bool> broken = false;
  MonitorInstance instance(
      [&](const ShopRequest& request) {
        sleep_ms(30);
        return broken && request.target.starts_with("/flips") ? ShopServer::status(404) : kProduct;
      },
      {.checks_at_once = 8});
  const int kLinks = repeat(40, 120);
  for (int i = 0; i < kLinks; ++i)
    instance.add("l" + std::to_string(i),
                 instance.shops().url("h" + std::to_string(i % 40) + ".example", i % 2 ? "/flips/1" : "/product/1"));
  std::mt19937 random(11);
  int kills = 0;
  std::vector<Process> monitors(2);
  const auto kill_until = [&](const std::string& condition, double seconds) {
    const auto start = Clock::now();
    const int enough = kills + 6;
    while (kills < enough || instance.sql("select " + condition + " from links") != "t") {
      if (seconds_since(start) > seconds) return false;
      auto& one = monitors[random() % 2];
      if (one.pid() < 0) {
        one = instance.start();
      } else if (random() % 3 != 0) {
        one.signal(SIGKILL);
        one.wait(5);
        one = instance.start();
        ++kills;
      }
      instance.all_due();
      sleep_ms(20 + static_cast<int>(random() % 200));
    }
    return true;
  };
  const int rounds = repeat(1, 10);
  for (int round = 0; round < rounds; ++round) {
    broken = false;
    BOOST_TEST(kill_until("bool_and(status = 'healthy')", 90), instance.log());
    broken = true;
    BOOST_TEST(kill_until("bool_and(status = case when url like '%flips%' then 'broken' else 'healthy' end)", 90));
  }
  const auto count = [&](const std::string& what) { return instance.sql("select count(*) from " + what); };
  BOOST_TEST(count("events where type = 'link.status_changed'") ==
             std::to_string(kLinks + kLinks * rounds - kLinks / 2));
  BOOST_TEST(count("alerts where kind = 'break'") == std::to_string(kLinks / 2 * rounds));
  BOOST_TEST(count("alerts where kind = 'recovery'") == std::to_string(kLinks / 2 * (rounds - 1)));
  // Each event tells of a change from what the one before it left.
  BOOST_TEST(
      instance.sql("select count(*) from (select changes->'status'->>'from' as was, lag(changes->'status'->>'to') "
                   "over (partition by link_id order by seq) as became from events where type = "
                   "'link.status_changed') as told where was <> coalesce(became, 'pending')") == "0");
  BOOST_TEST(kills > 10);
  BOOST_TEST_MESSAGE("  monitor: " << kills << " kills, " << count("checks") << " checks, " << count("alerts")
                                   << " alerts, each change told once");
}

BOOST_AUTO_TEST_CASE(three_monitors_are_polite_to_a_host_together) {
  MonitorInstance instance(
      [](const ShopRequest&) {
        sleep_ms(150);
        return kProduct;
      },
      {.host_gap_ms = 300, .requests_per_host = 2});
  for (int i = 0; i < 15; ++i)
    instance.add("l" + std::to_string(i), instance.shops().url("one.example", "/p/" + std::to_string(i)));
  const std::vector<Process> monitors = [&] {
    std::vector<Process> three;
    for (int i = 0; i < 3; ++i) three.push_back(instance.start());
    return three;
  }();
  BOOST_TEST(wait_until([&] { return instance.sql("select bool_and(status = 'healthy') from links") == "t"; }, 30));
  const auto visits = instance.shops().visits("one.example");
  BOOST_TEST(visits.requests == 15);
  BOOST_TEST(visits.at_once <= 2);
  // 300 at the database, less what a request may be quicker than another; without the database there would be none.
  BOOST_TEST(visits.shortest_gap.count() >= 150);
  BOOST_TEST_MESSAGE("  monitor: 15 requests to one host, at most " << visits.at_once << " at once, at least "
                                                                    << visits.shortest_gap.count() << " ms apart");
}

// Every place for a check would be taken by those that wait for the one merchant.
BOOST_AUTO_TEST_CASE(a_merchant_that_many_lead_to_holds_nobody_else_up) {
  constexpr int kLeading = 60, kOthers = 150;
  std::atomic<int> port = 0;
  MonitorInstance instance(
      [&](const ShopRequest& request) {
        const bool leads = request.host.starts_with("short");
        return leads ? ShopServer::redirect(302, "http://big.example:" + std::to_string(port) + request.target)
                     : kProduct;
      },
      {.host_gap_ms = 150, .requests_per_host = 2, .timeout_s = 2, .checks_at_once = 16});
  port = instance.shops().port();
  const auto add = [&](const std::string& name, const std::string& host, int number) {
    instance.add(name, instance.shops().url(host, "/product/" + std::to_string(number)));
  };
  for (int i = 0; i < kLeading; ++i) add("big" + std::to_string(i), "short" + std::to_string(i % 6) + ".example", i);
  auto monitor = instance.start();
  const auto well = [&](const std::string& slugs) {
    return std::stoi(instance.sql("select count(*) from links where status = 'healthy' and slug like '" + slugs + "'"));
  };
  BOOST_TEST(wait_until([&] { return well("big%") >= 5; }, 30));
  const auto start = Clock::now();
  for (int i = 0; i < kOthers; ++i) add("other" + std::to_string(i), "other" + std::to_string(i) + ".example", i);
  BOOST_TEST(wait_until([&] { return well("other%") == kOthers; }, 30));
  const int before = well("big%");
  BOOST_TEST(before < kLeading);
  BOOST_TEST_MESSAGE("  monitor: " << kOthers << " other links were checked in " << seconds_since(start) << " s, while "
                                   << kLeading - before << " waited for one merchant");
  BOOST_TEST(wait_until([&] { return well("big%") == kLeading; }, 60));
  BOOST_TEST(instance.shops().visits("big.example").at_once <= 2);
}

BOOST_AUTO_TEST_CASE(a_host_that_wants_peace_has_it_and_a_check_asked_for_comes_first) {
  MonitorInstance instance(
      [](const ShopRequest& request) {
        if (request.host == "busy.example") return ShopServer::status(429, "Retry-After: 30\r\n");
        sleep_ms(40);
        return kProduct;
      },
      {.checks_at_once = 4});
  instance.add("busy", instance.shops().url("busy.example", "/p/1"));
  auto monitor = instance.start();
  BOOST_TEST(wait_until([&] { return instance.check("busy", "outcome") == "inconclusive"; }, 10));
  instance.add("busy2", instance.shops().url("busy.example", "/p/2"));
  instance.sql("insert into links (account_id, label, url, slug) select id, 'm' || n, 'http://m' || n || '.example:" +
               std::to_string(instance.shops().port()) + "/p', 'm' || n from accounts, generate_series(1, 1500) as n");
  sleep_ms(500);
  const auto start = Clock::now();
  instance.sql(
      "update link_watch set due_at = now(), urgency = 2 where link_id = (select id from links where slug = 'm1500')");
  BOOST_TEST(wait_until([&] { return instance.status("m1500") == "healthy"; }, 10));
  BOOST_TEST_MESSAGE("  monitor: asked for, checked after "
                     << seconds_since(start) << " s, before "
                     << instance.sql("select count(*) from links where status = 'pending'") << " others");
  BOOST_TEST(instance.sql("select count(*) > 300 from links where status = 'pending'") == "t");
  BOOST_TEST(instance.shops().visits("busy.example").requests == 1);
}

BOOST_AUTO_TEST_CASE(a_monitor_that_reaches_nobody_says_so_and_calls_no_link_broken) {
  MonitorInstance instance([](const ShopRequest&) { return kProduct; });
  for (int i = 0; i < 12; ++i)
    instance.add("l" + std::to_string(i), "http://127.0.0." + std::to_string(10 + i) + ":1/p");  // where nobody listens
  auto monitor = instance.start();
  const auto says = [&](const std::string& condition) {
    return instance.sql("select count(*) from monitors where " + condition) == "1";
  };
  BOOST_TEST(wait_until([&] { return says("reaches_nobody_since is not null"); }, 10), instance.log());
  BOOST_TEST(instance.log().find("nobody_can_be_reached") != std::string::npos);
  instance.sql("update link_watch set due_at = now()");
  sleep_ms(1500);
  BOOST_TEST(instance.sql("select count(*) from links where status = 'pending'") == "12");
  instance.add("well", instance.shops().url("well.example", "/product/1"));
  BOOST_TEST(wait_until([&] { return says("reaches_nobody_since is null"); }, 10), instance.log());
  BOOST_TEST(instance.log().find("it_works_again") != std::string::npos);
  monitor.signal(SIGTERM);
  BOOST_TEST(monitor.wait(5) == 0);
  BOOST_TEST(instance.sql("select count(*) from monitors") == "0");
}

BOOST_AUTO_TEST_CASE(stopping_ends_what_is_under_way_and_a_database_that_was_away_gets_it_all) {
  MonitorInstance instance([](const ShopRequest&) {
    sleep_ms(300);
    return kProduct;
  });
  for (int i = 0; i < 30; ++i)
    instance.add("l" + std::to_string(i), instance.shops().url("h" + std::to_string(i) + ".example", "/p"));
  auto monitor = instance.start();
  BOOST_TEST(wait_until([&] { return instance.shops().visits("h29.example").requests == 1; }, 10));
  monitor.signal(SIGTERM);
  BOOST_TEST(monitor.wait(5) == 0);
  BOOST_TEST(instance.sql("select count(*) from links where status = 'healthy'") == "30");
  BOOST_TEST(instance.sql("select count(*) from link_watch where lease is not null") == "0");

  instance.all_due();
  monitor = instance.start();
  BOOST_TEST(wait_until([&] { return instance.shops().visits("h29.example").requests == 2; }, 10));
  support::Cluster::shared().stop();
  sleep_ms(1500);
  support::Cluster::shared().start();
  BOOST_TEST(wait_until([&] { return instance.sql("select count(*) from checks") == "60"; }, 15));
  BOOST_TEST(instance.sql("select count(*) from link_watch where lease is not null") == "0");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace faults
