// Least privilege: what each service's role may do, and above all what it may not.
#include "db/migrate.hpp"
#include "tests/integration/fixture.hpp"

namespace {

std::string sqlstate_of(const std::string& url, const std::string& statement) {
  support::PlainSession session(url);
  PGresult* result = PQexec(session.get(), statement.c_str());
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string text = state ? state : "done";
  PQclear(result);
  return text;
}

constexpr const char* kForbidden = "42501";

}  // namespace

BOOST_AUTO_TEST_SUITE(roles)

BOOST_AUTO_TEST_CASE(no_service_can_change_the_schema) {
  support::TestDatabase database(support::TestDatabase::Content::empty);
  db::migrate(database.url(), [](const db::Migration&) {});
  for (const std::string role : {"quietleaks_web", "quietleaks_clicks", "quietleaks_monitor"}) {
    for (const std::string statement : {"create table x (a int)",
                                        "create temporary table x (a int)",
                                        "create schema x",
                                        "create view x as select 1",
                                        "create function x() returns int language sql as 'select 1'",
                                        "alter table links add column x int",
                                        "drop table links",
                                        "create index on links (label)",
                                        "truncate links",
                                        "create role x",
                                        "alter table links disable trigger all",
                                        "create database x",

                                        "select change_account_counters('{}', '{}')",
                                        "create extension dblink",
                                        "update schema_migrations set checksum = ''",
                                        "update account_counters set links_total = 0",
                                        "update plans set api_access = true",
                                        "update accounts set plan = 'agency'",
                                        "update link_facets set links = 0",
                                        "delete from link_tags",
                                        "select relist_all_links()",
                                        "select change_link_facets('{}', '{}', '{}', '{}')"}) {
      BOOST_TEST_CONTEXT(role << ": " << statement) {
        BOOST_TEST(sqlstate_of(database.url(role), statement) == kForbidden);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(clicks_and_monitor_reach_their_columns_only) {
  support::TestDatabase database;
  const auto clicks = database.url("quietleaks_clicks");
  const auto monitor = database.url("quietleaks_monitor");
  BOOST_TEST(sqlstate_of(clicks, "update links set clicks_30d = 0, clicks_day = current_date") == "done");
  BOOST_TEST(sqlstate_of(clicks, "update links set url = ''") == kForbidden);
  BOOST_TEST(sqlstate_of(clicks, "select hash from api_key_hashes") == kForbidden);
  BOOST_TEST(sqlstate_of(monitor,
                         "update links set status = 'broken', failure_mode = 'not_found', "
                         "last_checked_at = now()") == "done");
  BOOST_TEST(sqlstate_of(monitor, "update links set url = ''") == kForbidden);
  BOOST_TEST(sqlstate_of(monitor, "delete from links") == kForbidden);
  BOOST_TEST(sqlstate_of(monitor, "select hash from api_key_hashes") == kForbidden);
  BOOST_TEST(sqlstate_of(monitor, "select password_hash from users") == kForbidden);
}

BOOST_AUTO_TEST_CASE(the_audit_trail_is_read_by_the_web_alone_and_written_by_none) {
  support::TestDatabase database;
  const auto web = database.url("quietleaks_web");
  BOOST_TEST(sqlstate_of(web, "select * from events") == "done");
  for (const std::string statement :
       {"delete from events", "update events set actor_name = 'x'", "truncate events",
        "insert into events (account_id, seq, type) values (gen_random_uuid(), 1, 'link.deleted')",
        "update account_counters set events_seq = 0",
        "select add_event(gen_random_uuid(), 'link.deleted', null, '{}', '{}')",
        "select take_event_numbers(gen_random_uuid(), 1)"})
    BOOST_TEST(sqlstate_of(web, statement) == kForbidden, statement);
  for (const std::string role : {"quietleaks_clicks", "quietleaks_monitor"}) {
    BOOST_TEST(sqlstate_of(database.url(role), "select * from events") == kForbidden, role);
    BOOST_TEST(sqlstate_of(database.url(role), "delete from events") == kForbidden, role);
  }
}

BOOST_AUTO_TEST_CASE(answers_kept_for_repeated_requests_are_the_webs) {
  support::TestDatabase database;
  const auto web = database.url("quietleaks_web");
  for (const std::string statement :
       {"select * from idempotent_answers", "delete from idempotent_answers where created_at < now()",
        "update idempotent_answers set body = '' where status = 201",
        "insert into idempotent_answers select * from idempotent_answers"})
    BOOST_TEST(sqlstate_of(web, statement) == "done", statement);
  BOOST_TEST(sqlstate_of(web, "truncate idempotent_answers") == kForbidden);
  for (const std::string role : {"quietleaks_clicks", "quietleaks_monitor"})
    for (const std::string statement : {"select * from idempotent_answers", "delete from idempotent_answers"})
      BOOST_TEST(sqlstate_of(database.url(role), statement) == kForbidden, role << ": " << statement);
}

BOOST_AUTO_TEST_CASE(people_are_the_webs_and_their_accounts_plan_is_not) {
  support::TestDatabase database;
  const auto web = database.url("quietleaks_web");
  for (const std::string statement :
       {"select * from users, sessions, session_hashes, password_resets, sign_in_failures", "delete from sessions",
        "delete from password_resets", "delete from sign_in_failures", "update accounts set fallback_url = null",
        "select sign_up_account('Self', 'free')"})
    BOOST_TEST(sqlstate_of(web, statement) == "done", statement);
  for (const std::string statement :
       {"update accounts set plan = 'agency'", "update accounts set name = 'x'", "delete from accounts",
        "insert into accounts (name) values ('Self')", "insert into plans select * from plans", "truncate sessions"})
    BOOST_TEST(sqlstate_of(web, statement) == kForbidden, statement);
  for (const std::string role : {"quietleaks_clicks", "quietleaks_monitor"})
    for (const std::string table : {"users", "sessions", "session_hashes", "password_resets", "sign_in_failures"})
      BOOST_TEST(sqlstate_of(database.url(role), "select * from " + table) == kForbidden, role << ": " << table);
  BOOST_TEST(sqlstate_of(database.url("quietleaks_monitor"), "select sign_up_account('Self', 'free')") == kForbidden);
}

BOOST_AUTO_TEST_CASE(programs_are_read_by_who_needs_them_and_changed_by_the_operator_alone) {
  support::TestDatabase database;
  for (const std::string role : {"quietleaks_web", "quietleaks_monitor"}) {
    BOOST_TEST(sqlstate_of(database.url(role), "select * from programs, program_hosts") == "done", role);
    for (const std::string statement :
         {"insert into programs (name) values ('x')", "update programs set click_parameters = '{}'",
          "delete from programs", "insert into program_hosts values ('x.example', 'Amazon')",
          "update program_hosts set program = 'Awin'", "delete from program_hosts"})
      BOOST_TEST(sqlstate_of(database.url(role), statement) == kForbidden, role << ": " << statement);
  }
  BOOST_TEST(sqlstate_of(database.url("quietleaks_clicks"), "select * from programs") == kForbidden);
}

BOOST_AUTO_TEST_CASE(a_forbidden_statement_is_our_fault_and_says_so) {
  integration::Fixture f;
  const auto error = integration::error_of([&] { f.web.accounts().add("New", "agency"); });
  BOOST_CHECK(error.kind() == db::ErrorKind::internal);
  BOOST_TEST(error.sqlstate() == kForbidden);
}

BOOST_AUTO_TEST_SUITE_END()
