// An installation that lets people make accounts of their own.
#include "tests/e2e/browser.hpp"
#include "tests/support/boost_test.hpp"

namespace e2e {
namespace {

support::Reply sign_up(Browser& browser, const std::string& email, const std::string& account) {
  return browser.send("POST", "/app/signup",
                      R"({"email":")" + email + R"(","password":"long enough one","account_name":")" + account + "\"}");
}

BOOST_AUTO_TEST_SUITE(sign_up_suite)

BOOST_AUTO_TEST_CASE(people_make_accounts_of_their_own_where_they_may) {
  support::Stack open(
      {.workers = 1,
       .environment = {{"QL_ACCOUNTS_SELF_SIGN_UP", "true"}, {"QL_ACCOUNTS_SIGN_UP_PLAN", "pro"}, {"MONITOR", "0"}}});
  Browser browser("127.0.0.1", open), other("127.0.0.2", open);
  BOOST_TEST(browser.get("/app/signup").body == R"({"open":true})");
  const auto made = sign_up(browser, "New@x.example", "New Agency");
  BOOST_TEST(made.status == 201);
  BOOST_TEST(made.body.find("\"plan\":{\"name\":\"pro\"") != std::string::npos);
  BOOST_TEST(browser.get("/v1/links").status == 200);
  BOOST_TEST(other.sign_in("new@x.example", "long enough one").status == 201);

  const auto email_taken = sign_up(browser, "new@X.example", "Another Agency");
  BOOST_TEST(email_taken.status == 409);
  BOOST_TEST(code_of(email_taken) == "email_taken");
  BOOST_TEST(member(email_taken.body, "pointer") == "/email");
  const auto name_taken = sign_up(browser, "newer@x.example", "New Agency");
  BOOST_TEST(name_taken.status == 409);
  BOOST_TEST(code_of(name_taken) == "account_name_taken");
  BOOST_TEST(code_of(sign_up(browser, "newer@x.example", "NEW agency")) == "account_name_taken");  // looks alike
  BOOST_TEST(open.sql("select count(*) from accounts where name = 'Another Agency'") == "0");

  BOOST_TEST(sign_up(browser, "no email", "Third Agency").status == 422);  // nothing was tried: not counted
  for (int i = 4; i < 10; ++i)
    BOOST_TEST(sign_up(browser, std::to_string(i) + "@x.example", "Agency " + std::to_string(i)).status == 201);
  BOOST_TEST(code_of(sign_up(browser, "10@x.example", "Agency 10")) == "too_many_sign_ins");
  say("signed up and signed in on the plan of the settings; the eleventh try of an address within 15 minutes waits");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
