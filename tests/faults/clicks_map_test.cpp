// How soon visitors notice what happens to links: a new one redirects at once by whatever path it came, a change and a
// deletion take effect within a second, also when the clicks process has just been killed.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>

#include "tests/faults/click_instance.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/command.hpp"
#include "tests/support/https_client.hpp"

namespace {

using faults::ClickInstance;
using faults::Clock;

BOOST_AUTO_TEST_SUITE(clicks_map)

constexpr double kSoon = 1;  // seconds

class Visitor {
 public:
  explicit Visitor(const ClickInstance& instance) : client_(instance.base_url(), instance.ca_file()) {}

  // "404", or where a redirect leads to.
  std::string lands_at(const std::string& slug) {
    const auto reply = client_.send(support::get("/go/" + slug));
    return reply.status == 302 ? reply.header("location") : std::to_string(reply.status);
  }

  double seconds_until(const std::string& slug, const std::string& expected) {
    const auto start = Clock::now();
    std::string found;
    faults::wait_until([&] { return (found = lands_at(slug)) == expected; }, 5);
    BOOST_TEST(found == expected, "/go/" << slug << " leads to " << found << " and not to " << expected);
    return faults::seconds_since(start);
  }

 private:
  support::HttpsClient client_;
};

std::string destination(int n) {
  return "https://elsewhere.example/" + std::to_string(n);
}

// Changes and deletes links by turns; returns the longest that a visitor saw the old state.
double worst_delay(const ClickInstance& instance, int times, bool kill_first) {
  Visitor visitor(instance);
  double worst = 0;
  for (int n = 0; n < times; ++n) {
    const std::string slug = "changes" + std::to_string(n);
    const std::string id = instance.add_link({.id = {}, .slug = slug, .url = "https://first.example/"});
    visitor.seconds_until(slug, "https://first.example/");
    const auto strike = [&] {
      if (kill_first && instance.clicks_process() > 0) kill(instance.clicks_process(), SIGKILL);
    };
    strike();
    instance.database().sql("update links set url = '" + destination(n) + "' where id = '" + id + "'");
    worst = std::max(worst, visitor.seconds_until(slug, destination(n)));
    if (n % 2 == 0) continue;
    strike();
    instance.database().sql("delete from links where id = '" + id + "'");
    worst = std::max(worst, visitor.seconds_until(slug, "404"));
  }
  return worst;
}

BOOST_AUTO_TEST_CASE(a_change_is_seen_within_a_second) {
  ClickInstance instance;
  const int times = faults::repeat(40, 400);
  const double worst = worst_delay(instance, times, false);
  std::cout << "  faults: " << times << " links changed, the slowest seen after " << worst * 1000 << " ms" << std::endl;
  BOOST_TEST(worst < kSoon);
}

BOOST_AUTO_TEST_CASE(a_change_is_seen_within_a_second_of_a_kill) {
  ClickInstance instance;
  const int times = faults::repeat(4, 8);  // of a crash loop's limit
  const double worst = worst_delay(instance, times, true);
  std::cout << "  faults: " << times << " links changed with the clicks process just killed, the slowest seen after "
            << worst * 1000 << " ms" << std::endl;
  BOOST_TEST(worst < kSoon);
}

// The first visit already: no moment is waited.
BOOST_AUTO_TEST_CASE(a_new_link_redirects_at_once) {
  ClickInstance instance;
  Visitor visitor(instance);
  int right = 0;
  const int times = 25;
  for (int n = 0; n < times; ++n) {
    const std::string slug = "new" + std::to_string(n);
    if (n % 5 == 0 && instance.clicks_process() > 0) kill(instance.clicks_process(), SIGKILL);
    instance.add_link({.id = {}, .slug = slug, .url = destination(n)});
    if (visitor.lands_at(slug) == destination(n)) ++right;
  }
  BOOST_TEST(right == times);
  std::cout << "  faults: " << right << " of " << times << " new links redirected their first visitor" << std::endl;
}

BOOST_AUTO_TEST_CASE(imported_links_redirect_at_once) {
  ClickInstance instance;
  Visitor visitor(instance);
  const std::string file = instance.directory() + "/links.csv";
  std::ofstream(file) << "label,url,program,slug\nA,https://a.example/,,imported-a\nB,https://b.example/,,imported-b\n";
  support::must_run({"build/release/quietleaks", "link", "import", "--account", "Clicks", file},
                    {{"QL_DATABASE_URL", instance.database().url()}});
  BOOST_TEST(visitor.lands_at("imported-a") == "https://a.example/");
  BOOST_TEST(visitor.lands_at("imported-b") == "https://b.example/");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
