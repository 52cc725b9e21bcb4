// `quietleaks user`: who may sign in. No password is ever an argument, and none is printed or stored.
#include "app/base/crypto.hpp"
#include "app/base/password.hpp"
#include "app/base/text.hpp"
#include "tests/integration/fixture.hpp"
#include "tests/integration/operator.hpp"

namespace {

using integration::contains;
using integration::expect_json;
using integration::json_text;
using integration::Outcome;

constexpr const char* kPassword = "correct horse battery";

struct Office : integration::Operator {
  Office() { json({"account", "add", "Demo Agency", "--plan", "agency"}); }

  std::vector<std::string> adding(const std::string& email, const std::string& how) const {
    return {"user", "add", email, "--account", "Demo Agency", how};
  }
  void expect_failure(std::vector<std::string> arguments, int exit_code, const std::string& code,
                      const std::string& input = "") const {
    arguments.emplace_back("--json");
    const Outcome outcome = run(arguments, input);
    BOOST_TEST(outcome.exit_code == exit_code, outcome.err);
    BOOST_TEST(outcome.out.empty());
    expect_json(R"({"error":{"code":")" + code + R"(","message":"$text","hint":"$text"}})", outcome.err);
  }
  std::optional<std::string> hash() {
    return db::Database(database.options()).users().find("ann@x.example")->password_hash;
  }
  std::int64_t sessions() const { return std::stoll(database.sql("select count(*) from sessions")); }
  void add_session() {
    db::Database web(database.options());
    const auto user = web.users().find("ann@x.example")->user;
    web.sessions().add({.user = user,
                        .digest = base::sha256(std::to_string(sessions())),
                        .user_agent = "",
                        .remote_addr = "",
                        .lifetime_s = 3600});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cli_user, Office)

BOOST_AUTO_TEST_CASE(a_password_comes_in_by_standard_input_and_only_its_hash_stays) {
  const auto made = json(adding("Ann@x.example", "--password-stdin"), std::string(kPassword) + "\nmore");
  expect_json(R"({"id":"$uuid","email":"Ann@x.example","account":"Demo Agency","created_at":"$time"})", made);
  BOOST_TEST(base::verify_password(hash(), kPassword));
  const auto bob = run(adding("bob@x.example", "--password-stdin"), std::string(kPassword) + "\r\n");
  BOOST_TEST(bob.exit_code == 0);
  BOOST_TEST(contains(bob.out, "may sign in now"));
  BOOST_TEST(!contains(bob.out + bob.err, kPassword));
  BOOST_TEST(database.sql("select count(*) from users where password_hash like '$argon2id$%'") == "2");
}

BOOST_AUTO_TEST_CASE(a_link_is_printed_once_and_only_its_hash_is_stored) {
  environment.push_back("QL_PUBLIC_URL=https://links.example");
  const auto made = json(adding("ann@x.example", "--reset-link"));
  const auto link = json_text(made, "reset_link");
  const std::string start = "https://links.example/app/reset#token=";
  BOOST_REQUIRE(link.starts_with(start));
  const auto digest = [](const std::string& token) {
    const auto bytes = base::sha256(token);
    return base::hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  };
  const auto stored = [&] { return database.sql("select encode(hash, 'hex') from password_resets"); };
  BOOST_TEST(stored() == digest(link.substr(start.size())));
  BOOST_TEST(!hash().has_value());
  const auto again = run({"user", "reset", "ANN@x.example"});
  BOOST_TEST(again.exit_code == 0);
  BOOST_TEST(again.out.starts_with(start));
  BOOST_TEST(contains(again.err, "works once"));
  BOOST_TEST(stored() == digest(again.out.substr(start.size(), again.out.find('\n') - start.size())));
}

BOOST_AUTO_TEST_CASE(users_are_listed_signed_out_and_removed) {
  BOOST_TEST(contains(run({"user", "list"}).err, "no users yet"));
  json(adding("ann@x.example", "--password-stdin"), kPassword);
  add_session();
  add_session();
  expect_json(R"({"users":[{"email":"ann@x.example","account":"Demo Agency","password":true,"sessions":2,
                  "last_seen_at":"$time","created_at":"$time","id":"$uuid"}]})",
              json({"user", "list"}));
  BOOST_TEST(contains(run({"user", "list"}).out, "ann@x.example  Demo Agency  yes"));
  expect_json(R"({"id":"$uuid","email":"ann@x.example","signed_out":true})",
              json({"user", "sign-out", "ann@x.example"}));
  BOOST_TEST(sessions() == 0);
  add_session();
  BOOST_TEST(contains(run({"user", "remove", "ann@x.example"}).out, "is removed"));
  BOOST_TEST(sessions() == 0);
  expect_json(R"({"users":[]})", json({"user", "list"}));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_is_said) {
  json(adding("ann@x.example", "--password-stdin"), kPassword);
  expect_failure(adding("ANN@x.example", "--password-stdin"), 1, "user_exists", kPassword);
  expect_failure(adding("bob@x.example", "--password-stdin"), 1, "invalid_password", "too short\n");
  expect_failure(adding("bob@x.example", "--password-stdin"), 1, "invalid_password");
  expect_failure(adding("bob@x.example", "--password-stdin"), 1, "invalid_password", std::string(2000, 'x'));
  for (const char* email : {"", "bob", "@x.example", "bob@", "b@o@b", "bo b@x.example", "bob@x\t.example"})
    expect_failure(adding(email, "--password-stdin"), 1, "invalid_email", kPassword);
  expect_failure({"user", "add", "bob@x.example", "--account", "Nobody", "--reset-link"}, 1, "account_not_found");
  for (const char* command : {"reset", "remove", "sign-out"})
    expect_failure({"user", command, "bob@x.example"}, 1, "user_not_found");
  BOOST_TEST(database.sql("select count(*) from users") == "1");
}

BOOST_AUTO_TEST_SUITE_END()
