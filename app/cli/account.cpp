// quietleaks account add | list | plan | fallback
#include <memory>
#include <optional>

#include "app/base/ids.hpp"
#include "app/base/name.hpp"
#include "app/cli/commands.hpp"
#include "app/links/rules.hpp"
#include "db/error.hpp"

namespace cli {
namespace {

constexpr const char* kGroupHelp = R"(Examples:
  quietleaks account add "Demo Agency" --plan agency
  quietleaks account plan "Demo Agency" free
  quietleaks account fallback "Demo Agency" https://agency.example/offers

`quietleaks account COMMAND --help` shows more.)";

constexpr const char* kAddHelp = R"(Examples:
  quietleaks account add "Demo Agency" --plan agency
  quietleaks account add "Free Publisher" --json | jq -r .id

Next, for the dashboard: quietleaks user add EMAIL --account NAME
and for the API:         quietleaks key add --account NAME)";

constexpr const char* kPlanHelp = R"(Examples:
  quietleaks account plan "Demo Agency" agency
  quietleaks account plan 4b0e5ad2-8c51-4f0b-a1f5-0e0cd6e8f7a3 free

Running workers hear of it within a second.)";

constexpr const char* kFallbackHelp = R"(While a link is broken, its visitors go to the link's own fallback (column
fallback_url of `quietleaks link import`), else to this one, else to the broken destination.

Examples:
  quietleaks account fallback "Demo Agency" https://agency.example/offers
  quietleaks account fallback "Demo Agency" --none
  quietleaks account fallback "Demo Agency"         shows it

Redirects follow within a second.)";

struct Arguments {
  std::string account;
  std::string plan = "free";
  std::optional<std::string> fallback_url;
  bool no_fallback = false;
};

Object describe(const db::Account& account) {
  return {{"id", base::format_uuid(account.id)},
          {"name", account.name},
          {"plan", account.plan},
          {"links", account.links},
          {"links_limit", account.links_limit ? Value(*account.links_limit) : Value()},
          {"created_at", time_value(account.created_at)},
          {"fallback_url", account.fallback_url ? Value(*account.fallback_url) : Value()}};
}

[[noreturn]] void no_such_plan(Context& context, const std::string& plan) {
  std::string names;
  for (const db::Plan& known : context.database().accounts().plans()) names += (names.empty() ? "" : ", ") + known.name;
  throw Failure(Exit::failed, "unknown_plan", "there is no plan \"" + plan + "\"", "Plans: " + names + ".");
}

void require_plan(Context& context, const std::string& plan) {
  for (const db::Plan& known : context.database().accounts().plans())
    if (known.name == plan) return;
  no_such_plan(context, plan);
}

void require_good_name(const std::string& name) {
  if (const auto fault = base::account_name_fault(name))
    throw Failure(Exit::failed, "invalid_name", "the account's name " + *fault,
                  "An account's name has 1 to 200 characters. Choose another one.");
}

db::Account add_to_database(Context& context, const Arguments& arguments) {
  require_good_name(arguments.account);
  require_plan(context, arguments.plan);
  try {
    return context.database().accounts().add(arguments.account, arguments.plan);
  } catch (const db::Error& error) {
    if (error.kind() == db::ErrorKind::conflict)
      throw Failure(Exit::failed, "account_exists", "there is an account \"" + arguments.account + "\" already",
                    "`quietleaks account list` shows it; `quietleaks account plan` changes its plan.");
    throw;
  }
}

void add(Context& context, const Arguments& arguments) {
  const db::Account account = add_to_database(context, arguments);
  const Console console = context.console();
  if (console.json()) return console.print_json(describe(account));
  console.print("Account " + printable(account.name) + " is made, on plan " + account.plan + ".");
  console.print("id  " + base::format_uuid(account.id));
  console.remark("Next, for the dashboard: quietleaks user add EMAIL --account " + account_word(account));
  console.remark("and for the API:         quietleaks key add --account " + account_word(account));
}

void list(Context& context) {
  Array rows;
  for (const db::Account& account : context.database().accounts().list()) rows.emplace_back(describe(account));
  const Console console = context.console();
  if (console.json()) return console.print_json(Object{{"accounts", std::move(rows)}});
  if (rows.empty()) return console.remark("There are no accounts yet. Next: quietleaks account add NAME --plan agency");
  console.print(console.table({{"ACCOUNT", "name"},
                               {"PLAN", "plan"},
                               {"LINKS", "links", Align::right},
                               {"AT MOST", "links_limit", Align::right},
                               {"CREATED", "created_at"},
                               {"ID", "id"}},
                              rows));
}

void set_plan(Context& context, const Arguments& arguments) {
  require_plan(context, arguments.plan);
  context.database().accounts().set_plan(context.account(arguments.account).id, arguments.plan);
  const db::Account account = context.account(arguments.account);
  const Console console = context.console();
  if (console.json()) return console.print_json(describe(account));
  console.print("Account " + printable(account.name) + " is on plan " + account.plan + " now.");
}

void require_good_url(const std::string& url, const std::string& public_url) {
  if (const auto fault = links::url_fault(url, public_url))
    throw Failure(Exit::failed, "invalid_url", "\"" + url + "\" " + *fault,
                  "A fallback is a whole URL, such as https://agency.example/offers.");
}

void fallback(Context& context, const Arguments& arguments) {
  if (arguments.fallback_url) require_good_url(*arguments.fallback_url, context.config().public_url);
  db::Account account = context.account(arguments.account);
  if (arguments.no_fallback || arguments.fallback_url) {
    account.fallback_url = arguments.fallback_url;
    context.database().accounts().set_fallback_url(account.id, account.fallback_url);
  }
  const Console console = context.console();
  if (console.json()) return console.print_json(describe(account));
  console.print("Visitors of broken links of " + printable(account.name) + " go to " +
                (account.fallback_url ? printable(*account.fallback_url) + "." : "the destination all the same."));
}

}  // namespace

void add_account_commands(CLI::App& program, Context& context) {
  CLI::App* group = program.add_subcommand("account", "Make and list accounts, change their plan and fallback");
  group->require_subcommand(1);
  group->footer(kGroupHelp);
  auto arguments = std::make_shared<Arguments>();

  CLI::App* adding = group->add_subcommand("add", "Make an account");
  adding->add_option("NAME", arguments->account, "Its name: 1 to 200 characters, not used yet")->required();
  adding->add_option("--plan", arguments->plan, "free, pro, agency, or one of your own")->capture_default_str();
  adding->footer(kAddHelp);
  adding->callback([arguments, &context] { add(context, *arguments); });

  CLI::App* listing = group->add_subcommand("list", "List all accounts with their plan and number of links");
  listing->callback([&context] { list(context); });

  CLI::App* planning = group->add_subcommand("plan", "Move an account to another plan");
  planning->add_option("ACCOUNT", arguments->account, "Its name or id")->required();
  planning->add_option("PLAN", arguments->plan, "The new plan")->required();
  planning->footer(kPlanHelp);
  planning->callback([arguments, &context] { set_plan(context, *arguments); });

  CLI::App* falling_back = group->add_subcommand("fallback", "Say where visitors of broken links go");
  falling_back->add_option("ACCOUNT", arguments->account, "Its name or id")->required();
  CLI::Option* url = falling_back->add_option("URL", arguments->fallback_url, "Where they go instead");
  falling_back->add_flag("--none", arguments->no_fallback, "To the destination all the same")->excludes(url);
  falling_back->footer(kFallbackHelp);
  falling_back->callback([arguments, &context] { fallback(context, *arguments); });
}

}  // namespace cli
