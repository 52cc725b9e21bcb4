// quietleaks key add | list | revoke
#include <memory>
#include <stdexcept>

#include "app/base/api_key.hpp"
#include "app/base/clock.hpp"
#include "app/base/crypto.hpp"
#include "app/base/ids.hpp"
#include "app/base/name.hpp"
#include "app/cli/commands.hpp"

namespace cli {
namespace {

constexpr const char* kGroupHelp = R"(Examples:
  quietleaks key add --account "Demo Agency" --name "WordPress plugin"
  quietleaks key list --account "Demo Agency"
  quietleaks key revoke --account "Demo Agency" x7Qf

`quietleaks key COMMAND --help` shows more.)";

constexpr const char* kAddHelp = R"(Examples:
  quietleaks key add --account "Demo Agency" --name "WordPress plugin"
  quietleaks key add --account "Demo Agency" --scope read --expires 2027-01-01
  QL_API_KEY=$(quietleaks key add --account "Demo Agency" --json | jq -r .key)

The key is shown once: only its SHA-256 is stored.)";

constexpr const char* kRevokeHelp = R"(Examples:
  quietleaks key revoke --account "Demo Agency" 9c7be0de-70ba-4d5c-b6a2-6f4d2cf0d3f1
  quietleaks key revoke --account "Demo Agency" x7Qf      by its last four characters

Every worker refuses the key within a second.)";

struct Arguments {
  std::string account;
  std::string name = "default";
  std::string scope = "write";
  std::string expires;
  std::string key;
};

std::string scope_name(db::Scope scope) {
  return scope == db::Scope::read ? "read" : "write";
}

std::optional<db::UnixSeconds> expiry(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::string hint = "Give a date (2027-01-01: its first second, UTC) or a time (2027-01-01T18:00:00Z).";
  try {
    const db::UnixSeconds time = base::parse_utc(text);
    if (time > base::unix_seconds()) return time;
  } catch (const std::invalid_argument& error) {
    throw Failure(Exit::usage, "invalid_expiry", "--expires " + text + ": " + error.what(), hint);
  }
  throw Failure(Exit::usage, "invalid_expiry", "--expires " + text + " is in the past", hint);
}

// A secret that does not outlive its use.
struct Secret {
  std::string text = base::generate_api_key();
  ~Secret() { base::wipe(text); }
};

db::NewKey new_key(const db::Account& account, const Arguments& arguments, const std::string& secret) {
  return {.account_id = account.id,
          .name = arguments.name,
          .scope = arguments.scope == "read" ? db::Scope::read : db::Scope::write,
          .digest = base::api_key_digest(secret),
          .last_four = base::last_four(secret),
          .expires_at = expiry(arguments.expires)};
}

void require_good_name(const std::string& name) {
  if (const auto fault = base::name_fault(name))
    throw Failure(Exit::failed, "invalid_name", "the key's name " + *fault,
                  "A key's name has 1 to 200 characters. Choose another --name.");
}

// The secret goes to standard output, once; the remarks do without it.
void explain(const Context& context, const std::string& public_url, const std::string& secret) {
  const Console console = context.console();
  console.print(secret);
  console.remark("\nThis is the only time that the key is shown: keep it now, and keep it secret. Try it:");
  console.remark("  read -rs QL_API_KEY      # paste the key here: it stays out of the shell's history");
  console.remark("  curl -H \"Authorization: Bearer $QL_API_KEY\" '" +
                 (public_url.empty() ? "https://YOUR-HOST" : public_url) + "/api/v1/links?limit=1'");
}

void warn_without_access(Context& context, const db::Account& account) {
  for (const db::Plan& plan : context.database().accounts().plans())
    if (plan.name == account.plan && !plan.api_access)
      context.console().remark("\nNote: plan " + plan.name +
                               " has no API access, so the API will answer 403. Next: quietleaks account plan " +
                               account_word(account) + " agency");
}

void add(Context& context, const Arguments& arguments) {
  require_good_name(arguments.name);
  const db::Account account = context.account(arguments.account);
  const Secret secret;
  const db::NewKey key = new_key(account, arguments, secret.text);
  const db::Uuid id = context.database().keys().add(key);
  if (context.json)
    return context.console().print_json(Object{{"id", base::format_uuid(id)},
                                               {"key", secret.text},
                                               {"account", account.name},
                                               {"name", key.name},
                                               {"scope", scope_name(key.scope)},
                                               {"expires_at", time_value(key.expires_at)},
                                               {"last_four", key.last_four}});
  explain(context, context.config().public_url, secret.text);
  warn_without_access(context, account);
}

std::string state_of(const db::ApiKey& key) {
  if (key.revoked_at) return "revoked";
  return key.expires_at && *key.expires_at <= base::unix_seconds() ? "expired" : "active";
}

Object describe(const db::ApiKey& key) {
  return {{"id", base::format_uuid(key.id)},
          {"name", key.name},
          {"last_four", key.last_four},
          {"scope", scope_name(key.scope)},
          {"state", state_of(key)},
          {"created_at", time_value(key.created_at)},
          {"last_used_at", time_value(key.last_used_at)},
          {"expires_at", time_value(key.expires_at)},
          {"revoked_at", time_value(key.revoked_at)}};
}

void list(Context& context, const Arguments& arguments) {
  const db::Account account = context.account(arguments.account);
  Array rows;
  for (const db::ApiKey& key : context.database().keys().list(account.id)) rows.emplace_back(describe(key));
  const Console console = context.console();
  if (console.json()) return console.print_json(Object{{"account", account.name}, {"keys", std::move(rows)}});
  if (rows.empty())
    return console.remark("The account has no keys yet. Next: quietleaks key add --account " + account_word(account));
  console.print(console.table({{"NAME", "name"},
                               {"KEY ENDS IN", "last_four"},
                               {"SCOPE", "scope"},
                               {"STATE", "state"},
                               {"CREATED", "created_at"},
                               {"LAST USED", "last_used_at", Align::left, "never"},
                               {"EXPIRES", "expires_at", Align::left, "never"},
                               {"REVOKED", "revoked_at"},
                               {"ID", "id"}},
                              rows));
}

// By id, or by the last four characters of a key that is not revoked yet.
db::ApiKey find_key(Context& context, const db::Account& account, const std::string& wanted) {
  const auto id = base::parse_uuid(wanted);
  std::vector<db::ApiKey> found = context.database().keys().list(account.id);
  std::erase_if(found, [&](const db::ApiKey& key) {
    return id ? key.id != *id : key.last_four != wanted || key.revoked_at.has_value();
  });
  const std::string hint =
      "`quietleaks key list --account " + account_word(account) + "` shows ids and last four characters.";
  if (found.size() > 1) throw Failure(Exit::failed, "key_ambiguous", "several keys end in these four characters", hint);
  if (!found.empty()) return found.front();
  // What was given may be a whole key, pasted by mistake: it is not repeated.
  throw Failure(Exit::failed, "key_not_found", "account " + account.name + " has no such key", hint);
}

void revoke(Context& context, const Arguments& arguments) {
  const db::Account account = context.account(arguments.account);
  const db::ApiKey key = find_key(context, account, arguments.key);
  const bool revoked_now = context.database().keys().revoke(account.id, key.id);
  const Console console = context.console();
  if (console.json())
    return console.print_json(
        Object{{"id", base::format_uuid(key.id)}, {"last_four", key.last_four}, {"revoked", revoked_now}});
  const std::string name = "Key " + printable(key.name) + " (ends in " + key.last_four + ")";
  console.print(revoked_now ? name + " is revoked: every worker refuses it within a second."
                            : name + " was revoked before.");
}

void add_account_option(CLI::App& command, Arguments& arguments) {
  command.add_option("--account", arguments.account, "The account's name or id")->required()->type_name("ACCOUNT");
}

}  // namespace

void add_key_commands(CLI::App& program, Context& context) {
  CLI::App* group = program.add_subcommand("key", "Make, list and revoke API keys");
  group->require_subcommand(1);
  group->footer(kGroupHelp);
  auto arguments = std::make_shared<Arguments>();

  CLI::App* adding = group->add_subcommand("add", "Make an API key and show it, once");
  add_account_option(*adding, *arguments);
  adding->add_option("--name", arguments->name, "What it is for")->capture_default_str();
  adding->add_option("--scope", arguments->scope, "read, or write (which includes read)")
      ->check(CLI::IsMember({"read", "write"}))
      ->capture_default_str();
  adding->add_option("--expires", arguments->expires, "A date or time, UTC; without it: never")->type_name("DATE");
  adding->footer(kAddHelp);
  adding->callback([arguments, &context] { add(context, *arguments); });

  CLI::App* listing = group->add_subcommand("list", "List an account's keys");
  add_account_option(*listing, *arguments);
  listing->callback([arguments, &context] { list(context, *arguments); });

  CLI::App* revoking = group->add_subcommand("revoke", "Revoke a key");
  add_account_option(*revoking, *arguments);
  revoking->add_option("KEY", arguments->key, "Its id, or its last four characters")->required();
  revoking->footer(kRevokeHelp);
  revoking->callback([arguments, &context] { revoke(context, *arguments); });
}

}  // namespace cli
