// quietleaks user add | list | reset | remove | sign-out
#include <memory>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/base/name.hpp"
#include "app/base/password.hpp"
#include "app/base/token.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/password_input.hpp"
#include "db/error.hpp"

namespace cli {
namespace {

constexpr const char* kGroupHelp = R"(Examples:
  quietleaks user add ann@agency.example --account "Demo Agency"
  quietleaks user reset ann@agency.example        a one-time link for a new password
  quietleaks user sign-out ann@agency.example

`quietleaks user COMMAND --help` shows more.)";

constexpr const char* kAddHelp = R"(The password is asked for at the terminal.

Examples:
  quietleaks user add ann@agency.example --account "Demo Agency"
  quietleaks user add ann@agency.example --account "Demo Agency" --reset-link
  pass show agency | quietleaks user add ann@agency.example --account "Demo Agency" --password-stdin)";

constexpr const char* kResetHelp =
    R"(Prints a link by which the user chooses a new password, once, within 24 hours. It is shown only
here, and ends the link that there was. Until it is used, the old password works; when it is used, all sessions end.
It also lifts the lock after too many failures to sign in.

Examples:
  quietleaks user reset ann@agency.example
  quietleaks user reset ann@agency.example --json | jq -r .reset_link)";

constexpr const char* kRemoveHelp =
    R"(Ends all sessions of the user, at once. Links and API keys are the account's, and stay.

Example:
  quietleaks user remove ann@agency.example)";

constexpr const char* kSignOutHelp = R"(Every browser has to sign in again, at once. Nothing else changes.

Example:
  quietleaks user sign-out ann@agency.example)";

struct Arguments {
  std::string email;
  std::string account;
  bool password_stdin = false;
  bool reset_link = false;
};

db::User find_user(Context& context, const std::string& email) {
  const auto found = context.database().users().find(email);
  if (!found)
    throw Failure(Exit::failed, "user_not_found", "there is no user \"" + email + "\"",
                  "`quietleaks user list` shows all of them.");
  return found->user;
}

struct ResetLink {
  Secret url;
  db::UnixSeconds expires_at;
};

// Behind "#" a browser sends it to no server, so it gets into no log.
ResetLink make_reset_link(Context& context, const db::User& user) {
  const Secret token(base::generate_token());
  context.database().users().add_reset(user, base::sha256(token.text));
  const std::string& host = context.config().public_url;
  return {.url = Secret((host.empty() ? "https://YOUR-HOST" : host) + "/app/reset#token=" + token.text),
          .expires_at = base::unix_seconds() + db::Users::kResetLifetimeS};
}

void show_reset_link(const Console& console, const ResetLink& link) {
  console.print(link.url.text);
  console.remark("\nThe link works once, until " + base::format_utc(link.expires_at) +
                 ". Whoever has it chooses the password: send it to the user alone.");
}

// Before anybody is asked for a password in vain.
void require_good_email(Context& context, const std::string& email) {
  if (const auto fault = base::email_fault(email))
    throw Failure(Exit::failed, "invalid_email", "the email " + *fault, "Give an address such as ann@agency.example.");
  if (context.database().users().find(email))
    throw Failure(
        Exit::failed, "user_exists", "there is a user \"" + email + "\" already",
        "`quietleaks user list` shows their account; `quietleaks user reset` makes a link for a new password.");
}

std::optional<std::string> chosen_password_hash(const Arguments& arguments) {
  if (arguments.reset_link) return std::nullopt;
  const Secret password(arguments.password_stdin ? read_password_line() : ask_for_password(arguments.email));
  return base::hash_password(password.text);
}

db::User add_to_database(Context& context, const db::Account& account, const Arguments& arguments) {
  const auto hash = chosen_password_hash(arguments);
  try {
    return context.database().users().add(account.id, arguments.email, hash);
  } catch (const db::Error& error) {
    if (error.kind() != db::ErrorKind::invalid) throw;
    throw Failure(Exit::failed, "invalid_email", "the email is no email address",
                  "Give an address such as ann@agency.example.");
  }
}

void add(Context& context, const Arguments& arguments) {
  require_good_email(context, arguments.email);
  const db::Account account = context.account(arguments.account);
  const db::User user = add_to_database(context, account, arguments);
  Object made{{"id", base::format_uuid(user.id)},
              {"email", user.email},
              {"account", account.name},
              {"created_at", time_value(user.created_at)}};
  const Console console = context.console();
  if (!arguments.reset_link) {
    if (console.json()) return console.print_json(made);
    return console.print("User " + printable(user.email) + " of " + printable(account.name) + " may sign in now.");
  }
  const auto link = make_reset_link(context, user);
  made.emplace_back("reset_link", link.url.text);
  made.emplace_back("reset_link_expires_at", time_value(link.expires_at));
  if (console.json()) return console.print_json(made);
  console.remark("User " + printable(user.email) + " of " + printable(account.name) + " chooses a password with:\n");
  show_reset_link(console, link);
}

Object describe(const db::UserLine& line) {
  return {{"email", line.user.email},
          {"account", line.account_name},
          {"password", line.has_password},
          {"sessions", line.sessions},
          {"last_seen_at", time_value(line.last_seen_at)},
          {"created_at", time_value(line.user.created_at)},
          {"id", base::format_uuid(line.user.id)}};
}

void list(Context& context) {
  Array rows;
  for (const db::UserLine& line : context.database().users().list()) rows.emplace_back(describe(line));
  const Console console = context.console();
  if (console.json()) return console.print_json(Object{{"users", std::move(rows)}});
  if (rows.empty()) return console.remark("There are no users yet. Next: quietleaks user add EMAIL --account ACCOUNT");
  console.print(console.table({{"EMAIL", "email"},
                               {"ACCOUNT", "account"},
                               {"PASSWORD", "password"},
                               {"SESSIONS", "sessions", Align::right},
                               {"LAST SEEN", "last_seen_at", Align::left, "never"},
                               {"CREATED", "created_at"},
                               {"ID", "id"}},
                              rows));
}

void reset(Context& context, const Arguments& arguments) {
  const db::User user = find_user(context, arguments.email);
  const auto link = make_reset_link(context, user);
  const Console console = context.console();
  if (console.json())
    return console.print_json(Object{
        {"email", user.email}, {"reset_link", link.url.text}, {"reset_link_expires_at", time_value(link.expires_at)}});
  show_reset_link(console, link);
}

void say_done(Context& context, const db::User& user, const char* member, const std::string& sentence) {
  const Console console = context.console();
  if (console.json())
    return console.print_json(Object{{"id", base::format_uuid(user.id)}, {"email", user.email}, {member, true}});
  console.print("User " + printable(user.email) + ' ' + sentence);
}

void remove(Context& context, const Arguments& arguments) {
  const db::User user = find_user(context, arguments.email);
  context.database().users().remove(user);
  say_done(context, user, "removed", "is removed, and signed out everywhere.");
}

void sign_out(Context& context, const Arguments& arguments) {
  const db::User user = find_user(context, arguments.email);
  context.database().sessions().end_all(user);
  say_done(context, user, "signed_out", "is signed out everywhere.");
}

CLI::App* add_command(CLI::App& group, Arguments& arguments, const char* name, const char* what, const char* help) {
  CLI::App* command = group.add_subcommand(name, what);
  command->add_option("EMAIL", arguments.email, "The user's email, in any case of letters")->required();
  command->footer(help);
  return command;
}

}  // namespace

void add_user_commands(CLI::App& program, Context& context) {
  CLI::App* group = program.add_subcommand("user", "Who may sign in to the dashboard");
  group->require_subcommand(1);
  group->footer(kGroupHelp);
  auto arguments = std::make_shared<Arguments>();

  CLI::App* adding = add_command(*group, *arguments, "add", "Add somebody who signs in to an account", kAddHelp);
  adding->add_option("--account", arguments->account, "The account's name or id")->required()->type_name("ACCOUNT");
  CLI::Option* from_stdin = adding->add_flag("--password-stdin", arguments->password_stdin,
                                             "Read the password from standard input: its first line");
  adding->add_flag("--reset-link", arguments->reset_link, "No password yet: print a link by which the user chooses one")
      ->excludes(from_stdin);
  adding->callback([arguments, &context] { add(context, *arguments); });

  CLI::App* listing = group->add_subcommand("list", "List all users with their account and sessions");
  listing->callback([&context] { list(context); });

  add_command(*group, *arguments, "reset", "Make a one-time link for a new password", kResetHelp)
      ->callback([arguments, &context] { reset(context, *arguments); });
  add_command(*group, *arguments, "remove", "Remove a user", kRemoveHelp)->callback([arguments, &context] {
    remove(context, *arguments);
  });
  add_command(*group, *arguments, "sign-out", "End all sessions of a user", kSignOutHelp)
      ->callback([arguments, &context] { sign_out(context, *arguments); });
}

}  // namespace cli
