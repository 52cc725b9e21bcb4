// A session's life: it begins with a password, may do what a key may, and ends for good.
#include <functional>
#include <thread>

#include "tests/e2e/browser.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/json_match.hpp"
#include "tests/support/wait_until.hpp"

namespace e2e {
namespace {

constexpr const char* kMissing = "00000000-0000-4000-8000-000000000000";

bool signed_in(Browser& browser) {
  return browser.get("/app/session").status == 200;
}

BOOST_AUTO_TEST_SUITE(sessions)

BOOST_AUTO_TEST_CASE(signing_in_and_out) {
  const Person ann;
  Browser browser;
  BOOST_TEST(browser.get("/app/session").status == 401);
  const auto reply = browser.sign_in(ann.email, ann.password);
  BOOST_TEST(reply.status == 201);
  BOOST_TEST(support::json_difference(
                 R"({"user":{"id":"$uuid","email":")" + ann.email +
                     R"(","created_at":"$time"},"account":{"id":"$uuid",
                     "name":")" +
                     ann.name +
                     R"(","fallback_url":null,"links_limit":null,"created_at":"$time"},"plan":{"name":"agency",
                     "api_access":true,"requests_per_minute":120,"check_interval_s":3600,"webhooks":true},
                     "session":{"id":"$uuid","created_at":"$time","expires_at":"$time"},"public_url":")" +
                     stack().base_url() + "\"}",
                 reply.body) == "");
  BOOST_TEST(browser.get("/app/session").body == reply.body);
  BOOST_TEST(browser.get("/v1/links").status == 200);
  const auto old = browser.cookie();
  BOOST_TEST(browser.send("DELETE", "/app/session").status == 204);
  BOOST_TEST(browser.cookie().empty());
  browser.set_cookie(old);
  BOOST_TEST(code_of(browser.get("/app/session")) == "invalid_session");
  say("signed in, asked the API, signed out; the old cookie opens nothing");
}

BOOST_AUTO_TEST_CASE(a_sign_in_changes_the_cookie_and_ends_the_browsers_old_session) {
  const Person ann;
  Browser browser, thief;
  browser.sign_in(ann.email, ann.password);
  thief.set_cookie(browser.cookie());
  BOOST_TEST(signed_in(thief));
  browser.sign_in(ann.email, ann.password);
  BOOST_TEST(browser.cookie() != thief.cookie());
  BOOST_TEST(!signed_in(thief));
  BOOST_TEST(signed_in(browser));
}

BOOST_AUTO_TEST_CASE(an_unknown_email_is_answered_like_a_wrong_password) {
  const Person ann;
  Browser browser("127.0.2.1");
  const auto comparable = [](support::Reply reply) {
    BOOST_TEST(reply.status == 401);
    return reply.body.substr(0, reply.body.find("\"request_id\""));
  };
  const auto wrong = comparable(browser.sign_in(ann.email, "not the password"));
  BOOST_TEST(wrong == comparable(browser.sign_in("nobody@people.example", ann.password)));
  BOOST_TEST(wrong.find("invalid_sign_in") != std::string::npos);
}

// Sets another password, and keeps its transaction open until somebody waits for it.
void change_password_under(const std::string& email) {
  stack().sql("do $$ begin update users set password_hash = 'another' where email = '" + email + "'; " +
              R"(for look in 1 .. 1000 loop
                   perform pg_stat_clear_snapshot();
                   exit when exists (select from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid)));
                   perform pg_sleep(0.01);
                 end loop; end $$)");
}

// Both have found the password right when another one is set: they must not outlive it.
BOOST_AUTO_TEST_CASE(a_password_that_is_set_meanwhile_overtakes_a_sign_in_and_a_change) {
  const auto meanwhile = [](const Person& person, const std::function<support::Reply()>& ask) {
    std::thread other([&] { change_password_under(person.email); });
    const std::string held =
        "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and query like '%" + person.email + "%'";
    BOOST_TEST(support::wait_until([&] { return stack().sql(held) == "1"; }, 5));
    const auto reply = ask();
    other.join();
    return reply;
  };
  const Person ann, bob;
  Browser browser, here;
  const auto sign_in = meanwhile(ann, [&] { return browser.sign_in(ann.email, ann.password); });
  BOOST_TEST(code_of(sign_in) == "invalid_sign_in");
  BOOST_TEST(browser.cookie().empty());
  here.sign_in(bob.email, bob.password);
  const auto change = meanwhile(bob, [&] {
    return here.send("POST", "/app/password",
                     R"({"current_password":")" + bob.password + R"(","new_password":")" +
                         keep_secret("the other one's password") + "\"}");
  });
  BOOST_TEST(code_of(change) == "wrong_password");
  BOOST_TEST(stack().sql("select password_hash from users where email = '" + bob.email + "'") == "another");
}

BOOST_AUTO_TEST_CASE(sessions_are_listed_and_ended_one_by_one_or_all) {
  const Person ann;
  Browser here, there;
  here.sign_in(ann.email, ann.password);
  there.sign_in(ann.email, ann.password);
  const auto id =
      member(there.get("/app/session").body.substr(there.get("/app/session").body.find("\"session\"")), "id");
  const auto list = here.get("/app/sessions");
  BOOST_TEST(support::json_difference(
                 R"({"sessions":["$each",2,{"id":"$uuid","current":"$any","user_agent":"$any","remote_addr":"127.0.0.1",
                     "created_at":"$time","last_seen_at":"$time"}]})",
                 list.body) == "");
  BOOST_TEST(here.send("DELETE", "/app/sessions/" + id).status == 204);
  BOOST_TEST(here.send("DELETE", "/app/sessions/" + id).status == 404);
  BOOST_TEST(!signed_in(there));
  there.sign_in(ann.email, ann.password);
  BOOST_TEST(here.send("DELETE", "/app/sessions").status == 204);
  BOOST_TEST(here.cookie().empty());
  BOOST_TEST(!signed_in(there));
}

BOOST_AUTO_TEST_CASE(a_new_password_ends_all_other_sessions_and_changes_the_cookie) {
  const Person ann;
  Browser here, there;
  here.sign_in(ann.email, ann.password);
  there.sign_in(ann.email, ann.password);
  const auto old = here.cookie();
  const auto chosen = keep_secret("a much better password");
  const auto change = [&](const std::string& current) {
    return here.send("POST", "/app/password",
                     R"({"current_password":")" + current + R"(","new_password":")" + chosen + "\"}");
  };
  const auto refused = change("not the password");
  BOOST_TEST(refused.status == 422);
  BOOST_TEST(code_of(refused) == "wrong_password");
  BOOST_TEST(member(refused.body, "pointer") == "/current_password");
  BOOST_TEST(change(ann.password).status == 204);
  BOOST_TEST(here.cookie() != old);
  BOOST_TEST(signed_in(here));
  BOOST_TEST(!signed_in(there));
  there.set_cookie(old);
  BOOST_TEST(!signed_in(there));
  BOOST_TEST(there.sign_in(ann.email, ann.password).status == 401);
  BOOST_TEST(there.sign_in(ann.email, chosen).status == 201);
}

BOOST_AUTO_TEST_CASE(a_one_time_link_of_the_operator_works_once) {
  const Person ann;
  Browser browser, other;
  other.sign_in(ann.email, ann.password);
  const auto link = member(stack().cli({"user", "reset", ann.email, "--json"}), "reset_link");
  const std::string start = stack().base_url() + "/app/reset#token=";
  BOOST_REQUIRE(link.starts_with(start));
  const auto token = keep_secret(link.substr(start.size()));
  const auto reset = [&](const std::string& password) {
    return browser.send("POST", "/app/password/reset",
                        R"({"token":")" + token + R"(","new_password":")" + password + "\"}");
  };
  BOOST_TEST(code_of(reset("too short")) == "invalid_members");
  BOOST_TEST(reset(keep_secret("chosen by way of a link")).status == 204);
  const auto again = reset("chosen by way of a link again");
  BOOST_TEST(again.status == 422);
  BOOST_TEST(code_of(again) == "invalid_reset_token");
  BOOST_TEST(!signed_in(other));
  BOOST_TEST(browser.sign_in(ann.email, "chosen by way of a link").status == 201);
}

BOOST_AUTO_TEST_CASE(a_session_that_is_used_lives_on) {
  const Person ann;
  Browser browser;
  browser.sign_in(ann.email, ann.password);
  const auto cookie = browser.cookie();
  const auto where = " where user_id = (select id from users where email = '" + ann.email + "')";
  stack().sql(
      "update sessions set last_seen_at = now() - interval '59 seconds', expires_at = now() + interval '1 day'" +
      where);
  BOOST_TEST(browser.get("/v1/links?limit=1").header("set-cookie") == "");
  stack().sql("update sessions set last_seen_at = now() - interval '61 seconds'" + where);
  BOOST_TEST(browser.get("/v1/links?limit=1").header("set-cookie").ends_with("Max-Age=2592000"));
  BOOST_TEST(browser.cookie() == cookie);
  BOOST_TEST(stack().sql("select expires_at > now() + interval '29 days' and last_seen_at > now() - interval '9 "
                         "seconds' from sessions" +
                         where) == "t");
  stack().sql("update sessions set last_seen_at = now() - interval '61 seconds'" + where);
  BOOST_TEST(browser.get("/v1/links?limit=1").header("set-cookie") == "");  // moved forward within the hour already
  stack().sql("update sessions set expires_at = now()" + where);
  BOOST_TEST(code_of(browser.get("/app/session")) == "invalid_session");
}

BOOST_AUTO_TEST_CASE(a_cookie_that_is_cleared_is_not_renewed_in_the_same_answer) {
  const Person ann;
  Browser browser;
  browser.sign_in(ann.email, ann.password);
  stack().sql("update sessions set last_seen_at = now() - interval '2 hours', expires_at = now() + interval '1 day'");
  const auto reply = browser.send("DELETE", "/app/sessions");
  BOOST_TEST(reply.all("set-cookie").size() == 1U);
  BOOST_TEST(browser.cookie().empty());
}

// From several addresses, since nginx lets each ask only so often within a moment.
BOOST_AUTO_TEST_CASE(a_session_has_a_limit_of_its_own) {
  const Person ann;
  Browser first("127.0.2.10");
  first.sign_in(ann.email, ann.password);
  int passed = 0;
  support::Reply last;
  for (int address = 11; address <= 14; ++address) {
    Browser browser("127.0.2." + std::to_string(address));
    browser.set_cookie(first.cookie());
    for (int i = 0; i < 76; ++i) {
      last = browser.get("/v1/links?limit=1");
      passed += last.status == 200;
    }
  }
  BOOST_TEST(passed == 300);
  BOOST_TEST(last.status == 429);
  BOOST_TEST(code_of(last) == "rate_limited");
  BOOST_TEST(last.header("ratelimit-policy") == "\"default\";q=300;w=60");
  BOOST_TEST(ask(support::get("/api/v1/links?limit=1", stack().new_key(ann.name).secret)).status == 200);
  say("of 304 requests of a session within a moment, " + std::to_string(passed) +
      " passed; the account's keys are not touched");
}

// Signed in or not: nginx keeps a flood away from the workers, but a page's own requests pass.
BOOST_AUTO_TEST_CASE(an_address_with_sessions_is_limited_apart_from_keyless_ones) {
  support::HttpsClient flood(stack().base_url(), stack().ca_file(), "127.0.2.20");
  support::Call call = support::get("/api/app/session");
  call.headers.emplace_back("Cookie", "__Host-ql_session=" + std::string(43, 'x'));
  int looked_at = 0, limited = 0;
  for (const auto& reply : flood.burst(std::vector<support::Call>(300, call), 30)) {
    looked_at += code_of(reply) == "invalid_session";
    limited += code_of(reply) == "rate_limited" && reply.header("retry-after") == "1";
  }
  BOOST_TEST(looked_at + limited == 300);
  BOOST_TEST(looked_at >= 100);
  BOOST_TEST(limited > 50);
  BOOST_TEST(code_of(flood.send(support::get("/api/app/session"))) == "missing_api_key");
  say("300 junk cookies from one address at once: " + std::to_string(looked_at) + " were looked at");
}

BOOST_AUTO_TEST_CASE(a_plan_without_api_has_its_dashboard) {
  const Person ann("free");
  Browser browser;
  browser.sign_in(ann.email, ann.password);
  BOOST_TEST(browser.get("/v1/links").status == 200);
  BOOST_TEST(browser.send("POST", "/v1/links", R"({"url":"https://shop.example/a"})").status == 201);
}

// Byte for byte as for an id that does not exist, request id aside.
BOOST_AUTO_TEST_CASE(tenants_are_apart) {
  const Person ann, bob;
  Browser browser, other;
  browser.sign_in(ann.email, ann.password);
  other.sign_in(bob.email, bob.password);
  const auto session = member(other.get("/app/sessions").body, "id");
  const auto key =
      member(other.send("POST", "/app/keys", R"({"name":"cms","scope":"read","expires_at":null})").body, "id");
  BOOST_REQUIRE(session.size() == 36U);
  BOOST_REQUIRE(key.size() == 36U);
  int looked = 0;
  const auto compare = [&](const std::string& method, const std::string& before, const std::string& id,
                           const std::string& after = {}, const std::string& json = {}) {
    const auto comparable = [](const support::Reply& reply) {
      return std::to_string(reply.status) + reply.body.substr(0, reply.body.find("\"request_id\""));
    };
    const auto theirs = comparable(browser.send(method, before + id + after, json));
    BOOST_TEST(theirs == comparable(browser.send(method, before + kMissing + after, json)));
    BOOST_TEST(theirs.starts_with("404"));
    ++looked;
  };
  compare("DELETE", "/app/sessions/", session);
  compare("DELETE", "/app/keys/", key);
  compare("POST", "/app/keys/", key, "/regenerate", R"({"overlap_s":0})");
  const auto link = member(other.send("POST", "/v1/links", R"({"url":"https://shop.example/a"})").body, "id");
  compare("GET", "/v1/links/", link);
  compare("DELETE", "/v1/links/", link);
  BOOST_TEST(browser.get("/app/keys").body == R"({"keys":[]})");
  BOOST_TEST(signed_in(other));
  BOOST_TEST(other.get("/app/keys").body.find(key) != std::string::npos);
  say(std::to_string(looked) + " routes with another account's id: as if it did not exist");
}

// Monitors as they report themselves; this instance has none of its own.
BOOST_AUTO_TEST_CASE(a_publisher_is_told_whether_anything_is_checked) {
  const Person ann;
  Browser browser;
  browser.sign_in(ann.email, ann.password);
  const auto monitor = [](const std::string& host, const std::string& seen, const std::string& reaches_nobody_since) {
    stack().sql(
        "insert into monitors (id, host, seen_at, checks_per_minute, reaches_nobody_since) values "
        "(gen_random_uuid(), '" +
        host + "', now() - interval '" + seen + "', 0, now() - " + reaches_nobody_since + ")");
  };
  const auto state = [&](const std::string& expected) {
    return support::json_difference(expected, browser.get("/app/monitors").body);
  };
  BOOST_TEST(state(R"({"at_work": 0, "reaches_nobody_since": null})") == "");
  monitor("killed", "2 minutes", "null::interval");
  BOOST_TEST(state(R"({"at_work": 0, "reaches_nobody_since": null})") == "");
  monitor("ill", "0 s", "interval '1 hour'");
  monitor("ill, too", "1 s", "interval '2 minutes'");
  BOOST_TEST(state(R"({"at_work": 2, "reaches_nobody_since": "$time"})") == "");
  BOOST_TEST(stack().sql("select abs(extract(epoch from max(reaches_nobody_since) - timestamptz '" +
                         member(browser.get("/app/monitors").body, "reaches_nobody_since") + "')) < 5 from monitors") ==
             "t");
  monitor("well", "0 s", "null::interval");
  BOOST_TEST(state(R"({"at_work": 3, "reaches_nobody_since": null})") == "");
  stack().sql("delete from monitors");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
