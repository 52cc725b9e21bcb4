#include "app/cli/program.hpp"

#include <algorithm>
#include <exception>
#include <string_view>

#include "app/base/version.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/database_failure.hpp"

namespace cli {
namespace {

constexpr const char* kDescription =
    "QuietLeaks, the operator's program: set up the database, manage accounts, users and API keys, import links, look "
    "after the running server.";

constexpr const char* kFooter = R"(First steps:
  quietleaks migrate                                   prepare the database
  quietleaks account add "Demo Agency" --plan agency   a customer
  quietleaks user add you@agency.example --account "Demo Agency"   somebody who signs in
  quietleaks key add --account "Demo Agency"           an API key, shown once
  quietleaks link import --account "Demo Agency" links.csv
  quietleaks doctor                                    is everything as it should be?
  quietleaks check URL                                 does this link still earn?

Settings come from --config FILE, else from the file that QL_CONFIG names, else from
/etc/quietleaks/quietleaks.toml. A variable overrides a setting: QL_DATABASE_URL, QL_PUBLIC_URL ...;
QL_DATABASE_URL alone will do for the commands that only need the database.

With --json, standard output is one JSON value, and an error is {"error":{"code","message","hint"}} on standard error.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 imported without some rows, 4 database or server not reachable;
those of `quietleaks check` are verdicts, see its help.
`quietleaks COMMAND --help` shows examples.)";

void describe(CLI::App& program, Context& context) {
  program.name("quietleaks");
  program.fallthrough();
  program.require_subcommand(1);
  program.get_formatter()->column_width(34);
  program.add_option("--config", context.config_option, "The settings file")->type_name("FILE");
  program.add_flag("--json", context.json, "Print JSON, for scripts");
  program.set_version_flag("--version", std::string("quietleaks ") + base::kVersion);
  program.footer(kFooter);
  add_migrate_command(program, context);
  add_account_commands(program, context);
  add_user_commands(program, context);
  add_key_commands(program, context);
  add_link_commands(program, context);
  add_event_commands(program, context);
  add_affiliate_program_commands(program, context);
  add_check_command(program, context);
  add_clicks_commands(program, context);
  add_status_command(program, context);
  add_doctor_command(program, context);
}

Failure usage_failure(const CLI::App& program, const CLI::ParseError& error) {
  std::string words = "quietleaks";
  const CLI::App* command = &program;
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    words += " " + command->get_name();
  }
  const bool group = !command->get_subcommands([](const CLI::App*) { return true; }).empty();
  const std::vector<std::string> unknown = program.remaining(true);
  const std::string hint = "See `" + words + " --help`.";
  if (group && !unknown.empty())
    return {Exit::usage, "usage", "there is no command \"" + words + " " + unknown.front() + "\"", hint};
  const Exit exit = words == "quietleaks check" ? Exit::unusable : Exit::usage;
  return {exit, "usage", error.what(), hint};
}

// Known before parsing has come to an end: a parse error must be told as JSON, too.
bool wants_json(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
}

int report(const Context& context, const Failure& failure) {
  context.console().report(failure);
  return static_cast<int>(failure.exit());
}

}  // namespace

int run(int argc, char** argv, const base::Environment& environment) {
  Context context(environment);
  CLI::App program(kDescription);
  try {
    describe(program, context);
    program.parse(argc, argv);
    return static_cast<int>(context.exit);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
    context.json = wants_json(argc, argv);
    return report(context, usage_failure(program, error));
  } catch (const Failure& failure) {
    return report(context, failure);
  } catch (const db::Error& error) {
    return report(context, database_failure(error));
  } catch (const std::exception& error) {
    return report(context, {Exit::failed, "internal_error", error.what(), "Please report this."});
  }
}

}  // namespace cli
