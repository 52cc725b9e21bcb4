// The operator's program against a real PostgreSQL: every command, for people and for scripts, and every exit code.
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include <sys/wait.h>

#include "tests/integration/operator.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/json_match.hpp"

namespace {

using integration::contains;
using integration::expect_json;
using integration::json_text;
using integration::Operator;
using integration::Outcome;

// With --json: nothing on standard output, one problem on standard error.
void expect_failure(const Operator& me, std::vector<std::string> arguments, int exit_code, const std::string& code) {
  arguments.emplace_back("--json");
  const Outcome outcome = me.run(arguments);
  BOOST_TEST(outcome.exit_code == exit_code);
  BOOST_TEST(outcome.out.empty());
  expect_json(R"({"error":{"code":")" + code + R"(","message":"$text","hint":"$text"}})", outcome.err);
}

struct Agency : Operator {
  Agency() { json({"account", "add", "Demo Agency", "--plan", "agency"}); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cli)

BOOST_AUTO_TEST_CASE(help_teaches_every_command) {
  const Operator me;
  const std::vector<std::vector<std::string>> commands{
      {},
      {"migrate"},
      {"account", "add"},
      {"account", "plan"},
      {"account", "fallback"},
      {"user", "add"},
      {"user", "reset"},
      {"user", "remove"},
      {"user", "sign-out"},
      {"user"},
      {"user", "add", "ann@agency.example"},
      {"user", "add", "--account", "A"},
      {"user", "add", "a@b", "--account", "A", "--password", "x"},
      {"user", "add", "a@b", "--account", "A", "--password-stdin", "--reset-link"},
      {"key", "add"},
      {"key", "revoke"},
      {"link", "import"},
      {"event", "list"},
      {"program", "list"},
      {"program", "add"},
      {"program", "parameters"},
      {"program", "host-add"},
      {"program", "host-remove"},
      {"program", "remove"},
      {"clicks"},
      {"clicks", "recount"},
      {"status"},
      {"doctor"}};
  for (std::vector<std::string> command : commands) {
    command.emplace_back("--help");
    const Outcome outcome = me.run(command);
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(contains(outcome.out, "quietleaks " + command[0]) | contains(outcome.out, "First steps"));
    BOOST_TEST(outcome.err.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_command_line_is_exit_2) {
  const Operator me;
  const std::vector<std::vector<std::string>> wrong{{},
                                                    {"frob"},
                                                    {"account"},
                                                    {"account", "frob"},
                                                    {"account", "add"},
                                                    {"account", "add", "A", "B"},
                                                    {"account", "fallback"},
                                                    {"account", "fallback", "A", "https://b.example", "--none"},
                                                    {"key", "add"},
                                                    {"key", "add", "--account", "A", "--scope", "admin"},
                                                    {"link", "import", "--account", "A"},
                                                    {"clicks"},
                                                    {"clicks", "recount", "Demo Agency"},
                                                    {"program"},
                                                    {"program", "add", "Shop"},
                                                    {"program", "host-add", "Shop"},
                                                    {"program", "host-remove"},
                                                    {"status", "--watch"},
                                                    {"migrate", "--frob"}};
  for (const auto& arguments : wrong) expect_failure(me, arguments, 2, "usage");
  BOOST_TEST(contains(me.run({"frob"}).err, "there is no command \"quietleaks frob\""));
}

BOOST_AUTO_TEST_CASE(without_settings_it_says_where_they_come_from) {
  Operator me;
  expect_failure(me, {"account", "list", "--config", "/nowhere.toml"}, 1, "config_invalid");
  const std::string file =
      me.write_file("ql.toml", "public_url = \"https://links.example.com\"\n[database]\nurll = 1\n");
  expect_failure(me, {"account", "list", "--config", file}, 1, "config_invalid");
  me.environment = {"QL_CONFIG=" + file};
  BOOST_TEST(contains(me.run({"account", "list"}).err, file + ":3"));
}

BOOST_AUTO_TEST_CASE(an_unreachable_database_is_exit_4_and_its_password_stays_secret) {
  Operator me;
  for (const char* url :
       {"postgresql://ql:geheim@127.0.0.1:1/x", "postgresql://ql:ge@heim@127.0.0.1:1/x",
        "postgresql://ql:geheim@127.0.0.1:geheim/x", "host=127.0.0.1 port=1 password=geheim", "password='geheim"}) {
    me.environment = {std::string("QL_DATABASE_URL=") + url};
    expect_failure(me, {"account", "list"}, 4, "database_unavailable");
    expect_failure(me, {"migrate"}, 4, "database_unavailable");
    for (const auto& arguments : {std::vector<std::string>{"account", "list"}, {"migrate"}, {"doctor"}}) {
      const Outcome outcome = me.run(arguments);
      BOOST_TEST(!contains(outcome.out + outcome.err, "heim"), url);
    }
  }
}

BOOST_AUTO_TEST_CASE(migrate_applies_once_and_tells_the_time) {
  const Operator me(support::TestDatabase::Content::empty);
  expect_failure(me, {"account", "list"}, 1, "migrations_pending");
  BOOST_TEST(contains(me.run({"migrate", "--status"}).out, "no"));
  const std::string first = me.json({"migrate"});
  BOOST_TEST(contains(first, R"({"version":1,"name":"0001_accounts_and_keys","seconds":)"));
  expect_json(R"({"applied":[],"version":"$integer","known":"$integer"})", me.json({"migrate"}));
  BOOST_TEST(contains(me.run({"migrate"}).out, "Nothing to do."));
  expect_json(R"({"version":"$integer","known":"$integer","migrations":["$each","$any",
                  {"version":"$integer","name":"$text","applied":true}]})",
              me.json({"migrate", "--status"}));
}

BOOST_AUTO_TEST_CASE(accounts) {
  const Operator me;
  BOOST_TEST(contains(me.run({"account", "list"}).err, "no accounts yet"));
  const std::string account =
      R"({"id":"$uuid","name":"Demo Agency","plan":"agency","links":0,"links_limit":null,"created_at":"$time","fallback_url":null})";
  const std::string added = me.json({"account", "add", "Demo Agency", "--plan", "agency"});
  expect_json(account, added);
  expect_json(R"({"accounts":[)" + account + "]}", me.json({"account", "list"}));
  BOOST_TEST(contains(me.run({"account", "list"}).out, "Demo Agency  agency      0"));

  const std::string moved = me.json({"account", "plan", json_text(added, "id"), "pro"});
  BOOST_TEST(json_text(moved, "plan") == "pro");
  BOOST_TEST(contains(me.run({"account", "plan", "Demo Agency", "agency"}).out, "is on plan agency now"));

  expect_failure(me, {"account", "add", "Demo Agency"}, 1, "account_exists");
  expect_failure(me, {"account", "add", ""}, 1, "invalid_name");
  expect_failure(me, {"account", "add", "Gold", "--plan", "gold"}, 1, "unknown_plan");
  expect_failure(me, {"account", "plan", "Demo Agency", "gold"}, 1, "unknown_plan");
  expect_failure(me, {"account", "plan", "Nobody", "free"}, 1, "account_not_found");
}

BOOST_FIXTURE_TEST_CASE(the_audit_trail_tells_who_did_what, Agency) {
  const std::vector<std::string> list{"event", "list", "--account", "Demo Agency"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), list.begin(), list.end());
    return more;
  };
  BOOST_TEST(contains(run(list).err, "no such events"));
  json({"key", "add", "--account", "Demo Agency", "--name", "CMS"});
  database.sql(
      "insert into links (account_id, label, url, slug) select id, 'Mike', 'https://a.example', 'm' from accounts");
  database.sql("update links set label = 'Mic', tags = '{x}'");
  const auto table = run(list).out;
  for (const std::string part : {"key.created", "CMS", "link.updated", "Mic", "tags, label", "operator"})
    BOOST_TEST(contains(table, part));
  const std::string change = R"({"label":{"from":"Mike","to":"Mic"},"tags":{"from":[],"to":["x"]}})";
  expect_json(
      R"({"events":[{"id":"$uuid","seq":3,"type":"link.updated","created_at":"$time","link_id":"$uuid","link":"$any",
                  "changes":)" +
          change + R"(,"actor":{"type":"operator","id":null,"name":"$text"},"request_id":null,"key":null}],
                  "has_more":true,"last_seq":3})",
      run(with({"--limit", "1", "--json"})).out);
  BOOST_TEST(contains(run(with({"--limit", "1"})).err, "--before 3"));
  BOOST_TEST(contains(run(with({"--before", "2"})).out, "key.created"));
  BOOST_TEST(!contains(run(with({"--type", "link.created"})).out, "link.updated"));
  expect_failure(*this, with({"--link", "x"}), 2, "invalid_link_id");
  expect_failure(*this, with({"--limit", "0"}), 2, "usage");
}

BOOST_FIXTURE_TEST_CASE(an_accounts_fallback_is_set_shown_and_taken_back, Agency) {
  const auto fallback = [&] { return database.sql("select fallback_url from accounts"); };
  const std::string url = "https://agency.example/offers?from=broken";
  BOOST_TEST(json_text(json({"account", "fallback", "Demo Agency", url}), "fallback_url") == url);
  BOOST_TEST(fallback() == url);
  BOOST_TEST(contains(run({"account", "fallback", "Demo Agency"}).out, "go to " + url));
  BOOST_TEST(fallback() == url);
  BOOST_TEST(contains(json({"account", "list"}), "\"fallback_url\":\"" + url + "\""));
  for (const char* bad : {"", "agency.example", "javascript:alert(1)", "https://", "https://a.example/ b"})
    expect_failure(*this, {"account", "fallback", "Demo Agency", bad}, 1, "invalid_url");
  expect_failure(*this, {"account", "fallback", "Nobody", url}, 1, "account_not_found");
  BOOST_TEST(fallback() == url);
  BOOST_TEST(contains(run({"account", "fallback", "Demo Agency", "--none"}).out, "go to the destination"));
  BOOST_TEST(fallback().empty());
}

BOOST_FIXTURE_TEST_CASE(an_account_cannot_be_named_like_the_id_of_another, Agency) {
  const std::string id = database.sql("select id from accounts");
  expect_failure(*this, {"account", "add", id}, 1, "invalid_name");
  BOOST_TEST(contains(run({"account", "add", id}).err, "has the form of an id"));
  std::string in_capitals = id;
  for (char& c : in_capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  expect_failure(*this, {"account", "add", in_capitals}, 1, "invalid_name");
  for (const std::string& name : {id, in_capitals})
    BOOST_CHECK_THROW(database.sql("insert into accounts (name) values ('" + name + "')"), std::exception);
}

BOOST_FIXTURE_TEST_CASE(names_that_differ_look_different, Agency) {
  for (const char* name : {"Demo Agency ", " Demo Agency", "Demo\tAgency", "Demo Agency\n", "Demo Agency\x7f"}) {
    expect_failure(*this, {"account", "add", name}, 1, "invalid_name");
    BOOST_CHECK_THROW(database.sql("insert into accounts (name) values ('" + std::string(name) + "')"), std::exception);
  }
  for (const char* name : {"Demo\u0085Agency", "Demo \u202eAgency", "Demo\u200f Agency", "Demo Agency\u2069"}) {
    expect_failure(*this, {"account", "add", name}, 1, "invalid_name");
    expect_failure(*this, {"key", "add", "--account", "Demo Agency", "--name", name}, 1, "invalid_name");
  }
  BOOST_TEST(contains(run({"account", "add", "Demo\xff"}).err, "is not valid UTF-8"));
  BOOST_TEST(contains(run({"key", "add", "--account", "Demo Agency", "--name", "\xff"}).err, "is not valid UTF-8"));
  BOOST_TEST(database.sql("select count(*) from accounts") == "1");
}

BOOST_AUTO_TEST_CASE(names_cannot_steer_the_terminal) {
  const Operator me;
  for (const std::string control : {"\x1b", "\u009b", "\u202e"}) {
    const std::string name = "Red " + control + "[31m Agency";
    for (const auto& arguments :
         {std::vector<std::string>{"account", "add", name}, {"account", "plan", name, "free"}}) {
      const Outcome outcome = me.run(arguments);
      BOOST_TEST(outcome.exit_code == 1);
      BOOST_TEST(!contains(outcome.out + outcome.err, control));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(keys, Agency) {
  const std::string added = json(
      {"key", "add", "--account", "Demo Agency", "--name", "WordPress", "--scope", "read", "--expires", "2099-01-01"});
  expect_json(R"({"id":"$uuid","key":"/ql_[A-Za-z0-9]{36}/","account":"Demo Agency","name":"WordPress","scope":"read",
                  "expires_at":"2099-01-01T00:00:00Z","last_four":"/[A-Za-z0-9]{4}/"})",
              added);
  const std::string secret = json_text(added, "key");
  const std::string last_four = json_text(added, "last_four");
  BOOST_TEST(secret.ends_with(last_four));

  const std::string listed = json({"key", "list", "--account", "Demo Agency"});
  expect_json(R"({"account":"Demo Agency","keys":[{"id":"$uuid","name":"WordPress","last_four":")" + last_four +
                  R"(","scope":"read","state":"active","created_at":"$time","last_used_at":null,
                  "expires_at":"2099-01-01T00:00:00Z","revoked_at":null}]})",
              listed);
  BOOST_TEST(!contains(listed, secret));

  BOOST_TEST(contains(run({"key", "revoke", "--account", "Demo Agency", last_four}).out, "is revoked"));
  const Outcome again = run({"key", "revoke", "--account", "Demo Agency", json_text(added, "id")});
  BOOST_TEST(again.exit_code == 0);
  BOOST_TEST(contains(again.out, "was revoked before"));
  BOOST_TEST(contains(run({"key", "list", "--account", "Demo Agency"}).out, "revoked"));
  expect_failure(*this, {"key", "revoke", "--account", "Demo Agency", last_four}, 1, "key_not_found");
  expect_failure(*this, {"key", "add", "--account", "Demo Agency", "--expires", "2001-01-01"}, 2, "invalid_expiry");
  expect_failure(*this, {"key", "add", "--account", "Demo Agency", "--expires", "soon"}, 2, "invalid_expiry");
  expect_failure(*this, {"key", "add", "--account", "Nobody"}, 1, "account_not_found");
  expect_failure(*this, {"key", "add", "--account", "Demo Agency", "--name", ""}, 1, "invalid_name");
}

BOOST_FIXTURE_TEST_CASE(a_secret_is_shown_once_and_never_in_an_error, Agency) {
  const Outcome added = run({"key", "add", "--account", "Demo Agency"});
  const std::string secret = added.out.substr(0, added.out.find('\n'));
  BOOST_TEST(secret.size() == 39U);
  BOOST_TEST(added.out == secret + "\n");
  BOOST_TEST(!contains(added.err, secret));
  BOOST_TEST(contains(added.err, "curl"));
  const Outcome pasted = run({"key", "revoke", "--account", "Demo Agency", secret});
  const Outcome misplaced = run({"key", "revoke", "--account", "Demo Agency", "x", secret, secret});
  const Outcome command = run({secret, "--json"});
  for (const Outcome& outcome : {pasted, misplaced, command}) {
    BOOST_TEST(outcome.exit_code != 0);
    BOOST_TEST(!contains(outcome.out + outcome.err, secret));
  }
  BOOST_TEST(database.sql("select count(*) from api_keys where api_keys::text like '%" + secret + "%'") == "0");
}

BOOST_FIXTURE_TEST_CASE(a_key_that_cannot_be_shown_is_no_success, Agency) {
  // The shell stands in for a full disk at the other end of standard output.
  const std::string quietleaks = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "quietleaks";
  const std::string command = "QL_DATABASE_URL='" + database.url() + "' " + quietleaks +
                              " key add --account 'Demo Agency' >/dev/full 2>/dev/null";
  BOOST_TEST(WEXITSTATUS(std::system(command.c_str())) == 1);
}

BOOST_AUTO_TEST_CASE(the_database_alone_needs_the_owner_for_some_things) {
  Operator me;
  me.environment = {"QL_DATABASE_URL=" + me.database.url("quietleaks_web")};
  me.database.sql("insert into accounts (name) values ('Other Agency')");
  for (const auto& arguments :
       {std::vector<std::string>{"account", "add", "Demo Agency"}, {"account", "plan", "Other Agency", "pro"}}) {
    expect_failure(me, arguments, 1, "permission_denied");
    const std::string told = me.run(arguments).err;
    BOOST_TEST(contains(told, "may not change accounts"), told);
    BOOST_TEST(contains(told, "QL_DATABASE_URL="), told);
  }
}

BOOST_AUTO_TEST_CASE(status_without_a_server_is_exit_4) {
  Operator me;
  me.environment.push_back("QL_SERVER_RUN_DIR=" + me.folder());
  expect_failure(me, {"status"}, 4, "server_not_running");
  me.write_file("scoreboard", "not a scoreboard, but long enough to hold the header of one, surely, by now");
  expect_failure(me, {"status"}, 1, "scoreboard_unreadable");
}

BOOST_AUTO_TEST_CASE(doctor_looks_at_everything_and_advises) {
  Operator me;
  me.environment = {"QL_DATABASE_URL=" + me.database.url("quietleaks_web"), "QL_SERVER_RUN_DIR=" + me.folder()};
  const Outcome outcome = me.run({"doctor", "--json"});
  BOOST_TEST(outcome.exit_code == 1);  // no server runs here
  for (const char* check : {"settings", "run folder", "database", "PostgreSQL", "primary", "migrations", "rights",
                            "web role", "plans", "notifications", "connections", "clock", "database clock"})
    BOOST_TEST(contains(outcome.out, "{\"check\":\"" + std::string(check) + "\",\"verdict\":\"good\""), check);
  for (const char* check : {"api socket", "bulk socket", "passwords socket", "server"})
    BOOST_TEST(contains(outcome.out, "{\"check\":\"" + std::string(check) + "\",\"verdict\":\"failed\""), check);
  BOOST_TEST(contains(me.run({"doctor"}).out, "FAIL server"));  // no UTF-8 locale: words instead of marks

  me.database.sql("update plans set requests_per_minute = 100000 where name = 'pro'");
  BOOST_TEST(contains(me.run({"doctor"}).out, "pro (100000)"));

  BOOST_TEST(!contains(me.run({"doctor"}).out, "sign-up"));  // it is closed
  me.environment.emplace_back("QL_ACCOUNTS_SELF_SIGN_UP=true");
  BOOST_TEST(contains(me.run({"doctor"}).out, "on the plan \"free\""));
  me.environment.emplace_back("QL_ACCOUNTS_SIGN_UP_PLAN=trial");
  BOOST_TEST(contains(me.run({"doctor"}).out, "FAIL sign-up"));
}

BOOST_AUTO_TEST_SUITE_END()
