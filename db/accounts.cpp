#include "db/accounts.hpp"

#include <soci/soci.h>

#include "app/base/ids.hpp"
#include "db/array.hpp"
#include "db/rows.hpp"
#include "db/session.hpp"

namespace db {
namespace {

constexpr const char* kAddAccount = R"sql(
insert into accounts (name, plan) values (:name, :plan)
returning id::text as id, name, plan, 0::bigint as links, extract(epoch from created_at)::bigint as created_at,
          fallback_url, (select links_limit from plans where plans.name = accounts.plan) as links_limit
)sql";

#define QL_SELECT_ACCOUNTS                                                                                \
  "select account.id::text as id, account.name, account.plan, coalesce(counter.links_total, 0) as links," \
  "       extract(epoch from account.created_at)::bigint as created_at, account.fallback_url,"            \
  "       plan.links_limit"                                                                               \
  "  from accounts account join plans plan on plan.name = account.plan"                                   \
  "  left join account_counters counter on counter.account_id = account.id "

constexpr const char* kListAccounts = QL_SELECT_ACCOUNTS "order by account.name";
// At most one: no name has the form of an id (migration 0001 sees to it).
constexpr const char* kFindAccount = QL_SELECT_ACCOUNTS "where account.name = :name or account.id = :id::uuid";

constexpr const char* kSetPlan = "update accounts set plan = :plan where id = :id::uuid";

constexpr const char* kSetFallback = "update accounts set fallback_url = :url where id = :id::uuid";

constexpr const char* kListPlans =
    "select name, api_access::int as api_access, requests_per_minute from plans order by name";

const Statement kSignUp = {"ql_sign_up", "add an account", "select sign_up_account($1::text, $2::text)"};

const Statement kServiceOfPlan = {"ql_plan_service", "look at a plan",
                                  "select check_interval_s, webhooks from plans where name = $1::text"};

Account parse_account(const soci::row& row) {
  return {.id = uuid_in(row, "id"),
          .name = row.get<std::string>("name"),
          .plan = row.get<std::string>("plan"),
          .links = row.get<long long>("links"),
          .created_at = row.get<long long>("created_at"),
          .fallback_url = optional_text_in(row, "fallback_url"),
          .links_limit = optional_integer_in(row, "links_limit")};
}

}  // namespace

Account Accounts::add(const std::string& name, const std::string& plan) {
  without_nul(name);
  without_nul(plan);
  Account account;
  session_.write("add an account", [&](soci::session& sql) {
    soci::row row;
    sql << kAddAccount, soci::use(name, "name"), soci::use(plan, "plan"), soci::into(row);
    account = parse_account(row);
  });
  return account;
}

Uuid Accounts::sign_up(const std::string& name, const std::string& plan) {
  Uuid id{};
  session_.write("add an account",
                 [&](soci::session&) { id = session_.step(kSignUp, Parameters().text(name).text(plan)).uuid(0, 0); });
  return id;
}

std::optional<Account> Accounts::find(const std::string& name_or_id) {
  without_nul(name_or_id);
  const auto parsed = base::parse_uuid(name_or_id);
  const std::string id = parsed ? base::format_uuid(*parsed) : "";
  soci::indicator known = parsed ? soci::i_ok : soci::i_null;
  std::optional<Account> account;
  session_.read("find an account", [&](soci::session& sql) {
    account.reset();
    soci::row row;
    sql << kFindAccount, soci::use(name_or_id, "name"), soci::use(id, known, "id"), soci::into(row);
    if (sql.got_data()) account = parse_account(row);
  });
  return account;
}

std::vector<Account> Accounts::list() {
  std::vector<Account> accounts;
  session_.read("list accounts", [&](soci::session& sql) {
    accounts.clear();
    const soci::rowset<soci::row> rows = (sql.prepare << kListAccounts);
    for (const auto& row : rows) accounts.push_back(parse_account(row));
  });
  return accounts;
}

bool Accounts::set_plan(const Uuid& account_id, const std::string& plan) {
  without_nul(plan);
  const auto id = base::format_uuid(account_id);
  long long changed = 0;
  session_.write("change an account's plan", [&](soci::session& sql) {
    soci::statement statement = (sql.prepare << kSetPlan, soci::use(plan, "plan"), soci::use(id, "id"));
    statement.execute(true);
    changed = statement.get_affected_rows();
  });
  return changed > 0;
}

bool Accounts::set_fallback_url(const Uuid& account_id, const std::optional<std::string>& url) {
  const std::string text = url.value_or("");
  without_nul(text);
  const auto id = base::format_uuid(account_id);
  soci::indicator given = url ? soci::i_ok : soci::i_null;
  long long changed = 0;
  session_.write("change an account's fallback", [&](soci::session& sql) {
    soci::statement statement = (sql.prepare << kSetFallback, soci::use(text, given, "url"), soci::use(id, "id"));
    statement.execute(true);
    changed = statement.get_affected_rows();
  });
  return changed > 0;
}

std::vector<Plan> Accounts::plans() {
  std::vector<Plan> plans;
  session_.read("list plans", [&](soci::session& sql) {
    plans.clear();
    const soci::rowset<soci::row> rows = (sql.prepare << kListPlans);
    for (const auto& row : rows)
      plans.push_back({.name = row.get<std::string>("name"),
                       .api_access = row.get<int>("api_access") != 0,
                       .requests_per_minute = row.get<int>("requests_per_minute")});
  });
  return plans;
}

std::optional<PlanService> Accounts::service_of(const std::string& plan) {
  const Result result = session_.query(kServiceOfPlan, Parameters().text(plan));
  if (result.rows() == 0) return std::nullopt;
  return PlanService{.check_interval_s = result.integer32(0, 0), .webhooks = result.boolean(0, 1)};
}

}  // namespace db
