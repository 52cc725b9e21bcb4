// `quietleaks program`: the operator's table of affiliate programs.
#include "tests/integration/operator.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using integration::contains;
using integration::expect_json;
using integration::json_text;
using integration::Operator;
using integration::Outcome;

struct Shop : Operator {
  Shop() {
    json(
        {"program", "add", "Our Shop", "--host", "Shop.Example,go.example", "--identity", "ref", "--click", "ref,cid"});
  }

  void expect_failure(std::vector<std::string> arguments, const std::string& code) const {
    arguments.emplace_back("--json");
    const Outcome outcome = run(arguments);
    BOOST_TEST(outcome.exit_code == 1);
    BOOST_TEST(outcome.out.empty());
    BOOST_TEST(json_text(outcome.err, "code") == code, outcome.err);
    BOOST_TEST(!json_text(outcome.err, "hint").empty());
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_programs)

BOOST_FIXTURE_TEST_CASE(a_program_is_added_and_recognised, Shop) {
  BOOST_TEST(contains(json({"program", "list"}), R"({"name":"Our Shop","hosts":["go.example","shop.example"],)"
                                                 R"("identity_parameters":["ref"],"click_parameters":["ref","cid"]})"));
  json({"account", "add", "Demo Agency", "--plan", "agency"});
  json({"link", "import", "--account", "Demo Agency", "-"},
       "label,url,program,slug\nA,https://www.shop.example/1,,a\nB,https://other.example/,,b\n");
  BOOST_TEST(database.sql("select string_agg(coalesce(program, '-'), ' ' order by slug) from links") == "Our Shop -");
  const Outcome shown = run({"program", "list"});
  BOOST_TEST(contains(shown.out, "Our Shop"));
  BOOST_TEST(contains(shown.out, "go.example, shop.example"));
  BOOST_TEST(contains(shown.out, "amazon.ae, amazon.ca"));
  BOOST_TEST(contains(shown.out, "\u2026"));
}

BOOST_FIXTURE_TEST_CASE(a_program_is_changed, Shop) {
  expect_json(R"({"name":"Our Shop","hosts":["go.example","new.example","shop.example"],
                  "identity_parameters":["ref"],"click_parameters":["ref","cid"]})",
              json({"program", "host-add", "our shop", "NEW.example"}));
  expect_json(R"({"host":"go.example","removed":true})", json({"program", "host-remove", "GO.example"}));
  expect_json(R"({"name":"Our Shop","hosts":["new.example","shop.example"],
                  "identity_parameters":["a","b"],"click_parameters":[]})",
              json({"program", "parameters", "Our Shop", "--identity", "a,b"}));
  const Outcome shown = run({"program", "parameters", "Our Shop", "--click", "c"});
  BOOST_TEST(shown.exit_code == 0);
  BOOST_TEST(contains(shown.out, "Program Our Shop has these parameters now."));
  expect_json(R"({"name":"Our Shop","removed":true})", json({"program", "remove", "OUR SHOP"}));
  BOOST_TEST(!contains(json({"program", "list"}), "shop.example"));
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_done_is_told, Shop) {
  expect_failure({"program", "add", "OUR shop", "--host", "x.example"}, "program_exists");
  expect_failure({"program", "add", "Second", "--host", "x.example,shop.example"}, "host_taken");
  expect_failure({"program", "add", "Second", "--host", "https://x.example/"}, "invalid_host");
  expect_failure({"program", "add", "Second", "--host", "com"}, "invalid_host");
  expect_failure({"program", "add", "Second", "--host", "x.example", "--click", "a=b"}, "invalid_parameter");
  expect_failure({"program", "add", " x", "--host", "x.example"}, "invalid_name");
  expect_failure({"program", "add", "", "--host", "x.example"}, "invalid_name");
  expect_failure({"program", "parameters", "Nobody"}, "program_not_found");
  expect_failure({"program", "parameters", "Our Shop", "--identity", "a,a"}, "invalid_parameter");
  expect_failure({"program", "host-add", "Nobody", "x.example"}, "program_not_found");
  expect_failure({"program", "host-add", "Our Shop", "amazon.com"}, "host_taken");
  expect_failure({"program", "host-add", "Our Shop", "x"}, "invalid_host");
  expect_failure({"program", "host-remove", "nobody.example"}, "host_not_found");
  expect_failure({"program", "remove", "Nobody"}, "program_not_found");
  BOOST_TEST(!contains(json({"program", "list"}), "x.example"));
}

BOOST_AUTO_TEST_SUITE_END()
