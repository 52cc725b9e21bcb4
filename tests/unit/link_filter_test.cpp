#include "handlers/link_filter.hpp"

#include "app/http/problem.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using db::LinkFilter, db::LinkSort, db::LinkStatus;

LinkFilter parse(const std::string& query) {
  handlers::ParameterFaults faults;
  auto filter = handlers::parse_link_filter(http::Query(query), faults);
  faults.throw_if_any();
  return filter;
}

// The parameters that the answer says are at fault, each with a blank behind it.
std::string faulty(const std::string& query) {
  std::string names;
  try {
    parse(query);
  } catch (const http::Problem& problem) {
    BOOST_TEST(problem.status() == 400);
    BOOST_TEST(problem.code() == "invalid_parameter");
    for (const auto& error : problem.errors()) names += error.parameter + ' ';
  }
  return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(link_filter)

BOOST_AUTO_TEST_CASE(no_parameter_is_the_plain_list) {
  BOOST_TEST((parse("") == LinkFilter{}));
  BOOST_TEST((parse("limit=5&offset=3&starting_after=x&else=y&Status=broken") == LinkFilter{}));
  BOOST_TEST((parse("sort=-created_at") == LinkFilter{}));
  BOOST_TEST(handlers::describe({}) == "");
  BOOST_TEST(parse("").everything());
  BOOST_TEST(parse("sort=label").everything());
  BOOST_TEST(!parse("program=none").everything());
}

BOOST_AUTO_TEST_CASE(each_parameter_sets_its_condition) {
  BOOST_TEST((parse("status=broken").statuses == std::vector{LinkStatus::broken}));
  BOOST_TEST((parse("status=slow,pending,slow").statuses == std::vector{LinkStatus::pending, LinkStatus::slow}));
  BOOST_TEST(*parse("program=Awin%20%26%20Co").program == "Awin & Co");
  BOOST_TEST(*parse("program=none").program == "");
  BOOST_TEST(*parse("tag=summer+sale").tag == "summer sale");
  BOOST_TEST(*parse("q=%25_%5C").text == "%_\\");
  BOOST_TEST(*parse("created_after=2023-11-14T22:13:20Z").created_after == 1'700'000'000);
  BOOST_TEST(*parse("created_before=2023-11-14T22:13:20Z").created_before == 1'700'000'000);
  BOOST_TEST(*parse("checked_before=2023-11-14T22:13:20Z").checked_before == 1'700'000'000);
}

BOOST_AUTO_TEST_CASE(each_sort_in_both_directions) {
  for (const auto& [name, sort] : {std::pair{"created_at", LinkSort::created_at},
                                   {"clicks_30d", LinkSort::clicks_30d},
                                   {"label", LinkSort::label},
                                   {"last_checked_at", LinkSort::last_checked_at}}) {
    const auto up = parse(std::string("sort=") + name), down = parse(std::string("sort=-") + name);
    BOOST_TEST((up.sort == sort && !up.descending));
    BOOST_TEST((down.sort == sort && down.descending));
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_value_of_a_parameter_is_a_400_that_names_it) {
  for (const char* value : {"", ",", "Broken", "broken,", ",broken", "broken%20", "all", "broken;slow"})
    BOOST_TEST(faulty(std::string("status=") + value) == "status ", value);
  for (const char* value : {"", "-", "--label", "+label", "%2Blabel", "Label", "label,clicks_30d", "url", "label%20"})
    BOOST_TEST(faulty(std::string("sort=") + value) == "sort ", value);
  for (const std::string name : {"created_after", "created_before", "checked_before"})
    for (const char* value : {"", "yesterday", "2026-04-27T08:00:00", "2026-02-30T08:00:00Z",
                              "2026-04-27T08:00:00+02:00", "1700000000", "infinity"})
      BOOST_TEST(faulty(name + '=' + value) == name + ' ', value);
  for (const std::string name : {"program", "tag", "q"}) {
    for (const char* value : {"", "a%09b", "%0A", "x%7F", "%C2%85"})
      BOOST_TEST(faulty(name + '=' + value) == name + ' ', value);
    BOOST_TEST(faulty(name + '=' + std::string(800, 'x')) == "");
    BOOST_TEST(faulty(name + '=' + std::string(801, 'x')) == name + ' ');
  }
}

BOOST_AUTO_TEST_CASE(every_fault_is_named_in_one_answer) {
  BOOST_TEST(faulty("sort=x&checked_before=x&created_before=x&created_after=x&q=&tag=&program=&status=x") ==
             "status program tag q created_after created_before checked_before sort ");
}

BOOST_AUTO_TEST_CASE(a_description_is_read_back_as_the_same_filter) {
  for (const char* query :
       {"status=healthy,broken", "program=none", "program=None", "program=A%26b%3D%2B%20%C3%BC", "tag=a,b", "q=%25",
        "q=%22%3E%3Cscript", "sort=created_at", "sort=-label", "created_after=2023-11-14T22:13:20Z",
        "status=slow&program=Awin&tag=t&q=x&created_after=2020-01-01T00:00:00Z&created_before=2030-01-01T00:00:00Z&"
        "checked_before=2026-01-01T00:00:00Z&sort=-clicks_30d"}) {
    const auto filter = parse(query);
    const auto text = handlers::describe(filter);
    BOOST_TEST(text.starts_with('&'));
    BOOST_TEST((parse(text.substr(1)) == filter), query);
    BOOST_TEST(text.find_first_of(" <>\"") == std::string::npos, text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
