#include "handlers/paging.hpp"

#include <map>
#include <set>

#include "app/http/problem.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using handlers::Paging, handlers::parse_paging;

std::map<std::string, std::string> by_relation(const std::vector<http::WebLink>& links) {
  std::map<std::string, std::string> map;
  for (const auto& link : links) map[link.relation] = link.target;
  return map;
}

Paging page(int limit, std::int64_t offset = 0) {
  return {limit, offset, std::nullopt};
}

std::string at(int limit, int offset) {
  return "u?limit=" + std::to_string(limit) + "&offset=" + std::to_string(offset);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(paging_suite)

BOOST_AUTO_TEST_CASE(defaults_and_caps_are_the_references) {
  BOOST_TEST(parse_paging(http::Query("")).limit == 100);
  BOOST_TEST(parse_paging(http::Query("")).offset == 0);
  BOOST_TEST(parse_paging(http::Query("limit=500")).limit == 500);
  BOOST_TEST(parse_paging(http::Query("limit=501")).limit == 500);
  BOOST_TEST(parse_paging(http::Query("limit=99999999999999999999999")).limit == 500);
  BOOST_TEST(parse_paging(http::Query("limit=1&offset=7&else=x")).offset == 7);
}

BOOST_AUTO_TEST_CASE(what_is_no_integer_in_range_is_a_400_that_names_the_parameter) {
  for (const char* value : {"", "0", "-1", "abc", "1.5", "1e3", "+5", "0x10", "5+", "%205", "5%00", "--1", "١"}) {
    BOOST_CHECK_EXCEPTION(
        parse_paging(http::Query(std::string("limit=") + value)), http::Problem, [&](const auto& problem) {
          return problem.status() == 400 && (problem.errors().empty() || problem.errors()[0].parameter == "limit");
        });
  }
  BOOST_CHECK_EXCEPTION(parse_paging(http::Query("offset=-1")), http::Problem,
                        [](const auto& problem) { return problem.errors().at(0).parameter == "offset"; });
}

BOOST_AUTO_TEST_CASE(every_fault_is_named_in_one_answer) {
  BOOST_CHECK_EXCEPTION(
      parse_paging(http::Query("limit=x&offset=-1&starting_after=y")), http::Problem, [](const auto& problem) {
        return problem.errors().size() == 3 && problem.errors()[0].parameter == "limit" &&
               problem.errors()[1].parameter == "offset" && problem.errors()[2].parameter == "starting_after";
      });
}

BOOST_AUTO_TEST_CASE(a_cursor_is_a_uuid_and_goes_without_an_offset) {
  const std::string id = "0199b8a2-7c1e-7d3a-9f42-5b8e6a1c0d37";
  BOOST_TEST(parse_paging(http::Query("starting_after=" + id)).starting_after.has_value());
  BOOST_CHECK_THROW(parse_paging(http::Query("starting_after=7")), http::Problem);
  BOOST_CHECK_THROW(parse_paging(http::Query("starting_after=" + id + "&offset=0")), http::Problem);
}

BOOST_AUTO_TEST_CASE(one_page_that_holds_all_has_no_neighbours) {
  BOOST_TEST(handlers::page_links(page(100), 100, "u").empty());
  BOOST_TEST(handlers::page_links(page(100), 0, "u").empty());
}

BOOST_AUTO_TEST_CASE(the_references_142_links_make_two_pages) {
  auto first = by_relation(handlers::page_links(page(100), 142, "u"));
  BOOST_TEST(first["next"] == at(100, 100));
  BOOST_TEST(first["last"] == at(100, 100));
  BOOST_TEST(first["first"] == at(100, 0));
  BOOST_TEST(!first.contains("prev"));
  auto second = by_relation(handlers::page_links(page(100, 100), 142, "u"));
  BOOST_TEST(second["prev"] == at(100, 0));
  BOOST_TEST(!second.contains("next"));
}

BOOST_AUTO_TEST_CASE(behind_the_end_prev_leads_back_to_the_last_page) {
  auto links = by_relation(handlers::page_links(page(100, 1'000'000), 142, "u"));
  BOOST_TEST(links["prev"] == at(100, 100));
  BOOST_TEST(!links.contains("next"));
  auto empty = by_relation(handlers::page_links(page(100, 100), 0, "u"));
  BOOST_TEST(empty["prev"] == at(100, 0));
}

BOOST_AUTO_TEST_CASE(following_next_visits_every_item_once_and_ends_at_last) {
  int walks = 0;
  for (int total = 0; total < 60; ++total)
    for (int limit = 1; limit < 13; ++limit)
      for (std::int64_t start = 0; start < limit; ++start) {
        std::int64_t offset = start;
        for (;;) {
          auto links = by_relation(handlers::page_links(page(limit, offset), total, "u"));
          const bool more = offset + limit < total;
          BOOST_REQUIRE(links.contains("next") == more);
          if (!more) {
            if (offset < total && !links.empty())
              BOOST_REQUIRE(links["last"] == "u?limit=" + std::to_string(limit) + "&offset=" + std::to_string(offset));
            break;
          }
          offset += limit;
        }
        ++walks;
      }
  BOOST_TEST_MESSAGE(walks << " walks by next, each ended on the page that rel=last names");
}

BOOST_AUTO_TEST_SUITE_END()
