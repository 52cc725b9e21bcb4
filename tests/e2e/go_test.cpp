// Redirects and what is counted of them, through nginx: who counts, within five seconds, on links of every kind.
#include <regex>

#include "tests/e2e/shared_stack.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/wait_until.hpp"

namespace e2e {
namespace {

using support::Reply;
using support::wait_until;

constexpr const char* kBrowser =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
    "Mobile/15E148 Safari/604.1";

// Requests that the bulk pool has answered: visits of links that no map knows.
long lookups() {
  static const std::regex kBulk("\"pool\":\"bulk\"[^}]*\"requests\":(\\d+)");
  const std::string status = stack().cli({"status", "--json"});
  long sum = 0;
  for (std::sregex_iterator at(status.begin(), status.end(), kBulk), end; at != end; ++at) sum += std::stol((*at)[1]);
  return sum;
}

// A link of its own for a test.
struct NewLink {
  std::string slug;

  explicit NewLink(const std::string& name, const std::string& url = "https://shop.example/p?tag=ours") : slug(name) {
    stack().sql(
        "with owner as (select id from accounts where name = 'Demo Agency'), made as (insert into links "
        "(account_id, label, url, slug) select id, 'go test', '" +
        url + "', '" + slug +
        "' from owner returning account_id, id) insert into slugs (slug, account_id, link_id) select '" + slug +
        "', account_id, id from made");
  }
  ~NewLink() { change("delete from links"); }
  NewLink(const NewLink&) = delete;
  NewLink& operator=(const NewLink&) = delete;

  void change(const std::string& statement) const { stack().sql(statement + " where slug = '" + slug + "'"); }

  Reply visit(std::vector<support::HeaderLine> headers = {{"User-Agent", kBrowser}}, const std::string& method = "GET",
              const std::string& query = "") const {
    auto call = support::get("/go/" + slug + query);
    call.method = method;
    call.headers = std::move(headers);
    return ask(call);
  }

  std::string count(const std::string& what) const {
    return stack().sql("select " + what + " from clicks join slugs using (account_id, link_id) where slug = '" + slug +
                       "'");
  }

  // Within the five seconds that the product promises.
  bool comes_to(const std::string& clicks) const {
    return wait_until([&] { return count("count(*)") == clicks; }, 5);
  }
};

BOOST_AUTO_TEST_SUITE(go)

BOOST_AUTO_TEST_CASE(a_link_redirects_from_the_moment_that_it_is_there) {
  const NewLink link("go-test-new");
  const auto reply = link.visit({{"User-Agent", kBrowser}}, "GET", "?tag=theirs&utm_source=x");
  BOOST_TEST(reply.status == 302);
  BOOST_TEST(reply.header("location") == "https://shop.example/p?tag=ours&utm_source=x");
  BOOST_TEST(link.comes_to("1"));
  say("a new link redirects before the map has it, and never lets a visitor overwrite its tag");
}

BOOST_AUTO_TEST_CASE(people_and_bots_are_counted_apart_and_what_is_no_visit_is_not) {
  const NewLink link("go-test-count");
  BOOST_TEST(link.visit().status == 302);
  BOOST_TEST(link.visit({{"User-Agent", kBrowser}, {"Referer", "https://Blog.Example:8443/post?x=1"}}).status == 302);
  BOOST_TEST(
      link.visit({{"User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}}).status ==
      302);
  BOOST_TEST(link.visit({{"User-Agent", kBrowser}}, "HEAD").status == 302);
  for (const auto& [name, value] :
       {support::HeaderLine{"Sec-Purpose", "prefetch;prerender"}, support::HeaderLine{"Purpose", "prefetch"},
        support::HeaderLine{"X-Moz", "prefetch"}})
    BOOST_TEST(link.visit({{"User-Agent", kBrowser}, {name, value}}).status == 302);
  BOOST_TEST(link.visit({{"User-Agent", "QuietLeaks-Monitor/1.0"}}).status == 302);
  BOOST_TEST(link.comes_to("3"));
  BOOST_TEST(link.count("count(*) filter (where bot)") == "1");
  BOOST_TEST(link.count("string_agg(distinct referrer_host, ' ')") == "blog.example");
  BOOST_TEST(link.count("string_agg(distinct device::text, ' ') filter (where not bot)") == "mobile");
  BOOST_TEST(link.count("count(*) filter (where unique_of_day)") == "1");
  BOOST_TEST(stack().sql("select clicks_30d from links where slug = 'go-test-count'") == "2");
  BOOST_TEST(stack().sql("select count(*) from clicks where clicks::text like '%127.0.0.1%'") == "0");
  say("2 people (1 visitor) and 1 bot of 9 requests; HEAD, prefetch and the monitor are no visits");
}

BOOST_AUTO_TEST_CASE(changes_take_effect_within_a_second) {
  const NewLink link("go-test-change");
  const auto leads_to = [&](const std::string& url) {
    return wait_until([&] { return link.visit().header("location") == url; }, 1);
  };
  BOOST_TEST(leads_to("https://shop.example/p?tag=ours"));
  link.change("update links set url = 'https://new.example/'");
  BOOST_TEST(leads_to("https://new.example/"));
  link.change("update links set status = 'broken', fallback_url = 'https://fallback.example/'");
  BOOST_TEST(leads_to("https://fallback.example/"));
  link.change("update links set status = 'healthy'");
  BOOST_TEST(leads_to("https://new.example/"));
  link.change("delete from links");
  BOOST_TEST(wait_until([&] { return link.visit().status == 404; }, 1));
  say("changed, broken, healthy again, deleted: each within a second");
}

// Of one address at most 60 in a minute: the rest is answered from the map.
BOOST_AUTO_TEST_CASE(a_scan_of_slugs_is_bounded_and_hurts_no_visitor) {
  const NewLink link("go-test-scan");
  const auto before = lookups();
  int refused = 0;
  for (int i = 0; i < 300; ++i) refused += ask(support::get("/go/scan-" + std::to_string(i))).status == 404;
  const auto asked = lookups() - before;
  BOOST_TEST(refused == 300);
  BOOST_TEST(asked <= 60);
  BOOST_TEST(link.visit().status == 302);
  say("300 slugs that are none: 300 times 404, " + std::to_string(asked) + " look-ups in the database");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
