// The endpoints of links as a whole: walking all pages, HEAD beside GET, one account beside another.
#include <regex>
#include <set>
#include <sstream>

#include "tests/e2e/shared_stack.hpp"
#include "tests/support/boost_test.hpp"

namespace e2e {
namespace {

using support::Reply;

// The values of a member in a body, in their order.
std::vector<std::string> members(const std::string& body, const std::string& name) {
  const std::regex form("\"" + name + "\":\"([^\"]*)\"");
  std::vector<std::string> values;
  for (std::sregex_iterator at(body.begin(), body.end(), form), end; at != end; ++at) values.push_back((*at)[1]);
  return values;
}

std::string next_target(const Reply& reply) {
  static const std::regex form("<https://[^/]+([^>]*)>; rel=\"next\"");
  std::smatch match;
  const std::string links = reply.header("link");
  return std::regex_search(links, match, form) ? match[1].str() : std::string();
}

// All ids of the account, page by page as the Link header leads.
std::vector<std::string> walk(std::string target, const std::string& key) {
  std::vector<std::string> ids;
  while (!target.empty() && ids.size() < 1000) {
    const Reply page = ask(support::get(target, key));
    BOOST_REQUIRE_EQUAL(page.status, 200);
    for (const auto& id : members(page.body, "id")) ids.push_back(id);
    target = next_target(page);
    BOOST_TEST((page.body.find("\"has_more\":true") != std::string::npos) == !target.empty());
  }
  return ids;
}

std::string ids_in_database(const char* account) {
  return stack().sql(
      "SELECT string_agg(l.id::text, ' ' ORDER BY l.created_at DESC, l.id DESC) FROM links l"
      " JOIN accounts a ON a.id = l.account_id WHERE a.name = '" +
      std::string(account) + "'");
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// What must be the same in GET and HEAD: everything but the moment and the charge.
std::multiset<support::HeaderLine> lasting_headers(const Reply& reply) {
  std::multiset<support::HeaderLine> lasting;
  for (const auto& [name, value] : reply.headers)
    if (name != "date" && name != "x-request-id" && name.find("ratelimit") == std::string::npos)
      lasting.emplace(name, value);
  return lasting;
}

BOOST_AUTO_TEST_SUITE(links)

BOOST_AUTO_TEST_CASE(paging_shows_every_link_once_newest_first) {
  const std::string expected = ids_in_database(support::Stack::kDemoAccount);
  const std::string key = stack().new_key().secret;
  for (const char* target : {"/api/v1/links?limit=7", "/api/v1/links?limit=100", "/api/v1/links"})
    BOOST_TEST(joined(walk(target, key)) == expected, target << " leads elsewhere than created_at desc, id desc");
  const auto all = ask(support::get("/api/v1/links?limit=500", key));
  BOOST_TEST(joined(members(all.body, "id")) == expected);
  const auto times = members(all.body, "created_at");
  BOOST_TEST(std::is_sorted(times.rbegin(), times.rend()));
  say("142 links, each once, newest first, by pages of 7, 100 and 500");
}

BOOST_AUTO_TEST_CASE(starting_after_leads_through_the_same_links) {
  const std::string key = stack().new_key().secret;
  const auto first = members(ask(support::get("/api/v1/links?limit=1", key)).body, "id");
  BOOST_REQUIRE_EQUAL(first.size(), 1);
  const auto rest = walk("/api/v1/links?limit=20&starting_after=" + first[0], key);
  BOOST_TEST(first[0] + " " + joined(rest) == ids_in_database(support::Stack::kDemoAccount));
  say("starting_after and its Link header lead through the same links");
}

BOOST_AUTO_TEST_CASE(head_is_get_without_its_body) {
  const std::string key = stack().new_key().secret;
  for (const std::string& target :
       {std::string("/api/v1/links?limit=10"), "/api/v1/links/" + example_link_id(),
        "/api/v1/links/" + example_link_id() + "/clicks", std::string("/api/v1/links?limit=0"),
        std::string("/api/v1/links/none"), std::string("/api/v1/links/none/clicks"),
        std::string("/api/v1/openapi.json"), std::string("/healthz"), std::string("/readyz")}) {
    auto call = support::get(target, key);
    const Reply get = ask(call);
    call.method = "HEAD";
    const Reply head = ask(call);
    BOOST_TEST(head.status == get.status, target);
    BOOST_TEST(head.body.empty(), target);
    BOOST_TEST((lasting_headers(head) == lasting_headers(get)), "HEAD " << target << " has other headers than GET");
  }
  say("HEAD has GET's status and headers, Content-Length included, on 200, 400 and 404");
}

BOOST_AUTO_TEST_CASE(no_link_of_another_account_is_ever_seen) {
  const std::string mine = ids_in_database(support::Stack::kDemoAccount);
  const std::string key = stack().new_key(support::Stack::kOtherAccount).secret;
  const auto seen = walk("/api/v1/links?limit=5", key);
  BOOST_TEST(joined(seen) == ids_in_database(support::Stack::kOtherAccount));
  for (const auto& id : seen) BOOST_TEST(mine.find(id) == std::string::npos);
  const std::string cursor = mine.substr(0, 36);
  const auto foreign = ask(support::get("/api/v1/links?starting_after=" + cursor, key));
  const auto missing = ask(support::get("/api/v1/links?starting_after=00000000-0000-4000-8000-000000000000", key));
  BOOST_TEST(foreign.status == 400);
  BOOST_TEST(std::regex_replace(foreign.body, std::regex(foreign.header("x-request-id")), "") ==
             std::regex_replace(missing.body, std::regex(missing.header("x-request-id")), ""));
  say("another account's links are neither listed nor told apart from missing ones, as a cursor either");
}

// Every header and every byte but the moment, the charge and the request's id, which the body repeats.
BOOST_AUTO_TEST_CASE(a_link_of_another_account_is_answered_as_a_missing_one) {
  const std::string key = stack().new_key(support::Stack::kOtherAccount).secret;
  const auto answer = [&](const std::string& id, const std::string& rest) {
    auto call = support::get("/api/v1/links/" + id + rest, key);
    call.headers.emplace_back("X-Request-Id", "the-same-id-for-both");
    return ask(call);
  };
  std::string mine = ids_in_database(support::Stack::kDemoAccount);
  mine.resize(10 * 37 - 1);  // ten will do
  for (const std::string rest : {"", "/clicks", "/clicks?from=2020-01-01&to=2020-12-31"}) {
    const Reply missing = answer("00000000-0000-4000-8000-000000000000", rest);
    BOOST_TEST(missing.status == 404);
    std::istringstream ids(mine);
    for (std::string id; ids >> id;) {
      const Reply foreign = answer(id, rest);
      BOOST_TEST(foreign.status == 404, id << rest);
      BOOST_TEST(foreign.body == missing.body, id << rest);
      BOOST_TEST((lasting_headers(foreign) == lasting_headers(missing)), id << rest);
    }
  }
  say("another account's links are 404 byte for byte as missing ones, and so are their clicks");
}

BOOST_AUTO_TEST_CASE(the_days_of_a_link_are_those_of_the_database) {
  const std::string id = example_link_id(), key = stack().new_key().secret;
  const Reply reply = ask(support::get("/api/v1/links/" + id + "/clicks", key));
  const std::string expected = stack().sql(
      "SELECT string_agg(format('{\"day\":\"%s\",\"humans\":%s,\"bots\":%s,\"uniques\":%s}', step::date,"
      " coalesce(humans, 0), coalesce(bots, 0), coalesce(uniques, 0)), ',' ORDER BY step)"
      " FROM generate_series((now() AT TIME ZONE 'UTC')::date - 29, (now() AT TIME ZONE 'UTC')::date, '1 day') AS step"
      " LEFT JOIN link_clicks_daily ON day = step::date AND link_id = '" +
      id + "'");
  const auto begin = reply.body.find("\"clicks\":[");
  BOOST_REQUIRE(begin != std::string::npos);
  BOOST_TEST(reply.body.substr(begin) == "\"clicks\":[" + expected + "]}");
  BOOST_TEST(members(reply.body, "day").size() == 30u);
  say("the clicks of a link, day by day, are those of the database");
}

BOOST_AUTO_TEST_CASE(clicks_count_today_and_the_29_days_before) {
  const std::string id = example_link_id();
  const std::string target = "/api/v1/links/" + id, key = stack().new_key().secret;
  const std::string of_link = " WHERE link_id = '" + id + "'";
  const Reply before = ask(support::get(target, key));
  const std::string expected = stack().sql("SELECT sum(humans)::text FROM link_clicks_daily" + of_link +
                                           " AND day > (now() AT TIME ZONE 'UTC')::date - 30");
  BOOST_TEST(before.body.find("\"clicks_30d\":" + expected + ",") != std::string::npos);
  BOOST_TEST(expected == "847");
  say("clicks_30d of the example is the sum of its last 30 days: " + expected);
}

BOOST_AUTO_TEST_CASE(a_change_of_a_link_changes_its_tag_and_the_lists) {
  const std::string key = stack().new_key(support::Stack::kOtherAccount).secret;
  const std::string id = other_link_id();
  const auto list = support::get("/api/v1/links?limit=2&offset=3", key),
             link = support::get("/api/v1/links/" + id, key);
  const std::string list_tag = ask(list).header("etag"), link_tag = ask(link).header("etag");
  stack().sql("UPDATE links SET label = label || ' (changed)' WHERE id = '" + id + "'");
  BOOST_TEST(ask(link).header("etag") != link_tag);
  BOOST_TEST(ask(list).header("etag") != list_tag);
  auto conditional = list;
  conditional.headers.emplace_back("If-None-Match", list_tag);
  BOOST_TEST(ask(conditional).status == 200);
  stack().sql("UPDATE links SET label = replace(label, ' (changed)', '') WHERE id = '" + id + "'");
  say("a changed label changes the tags of the link and of the list, and no 304 hides it");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
