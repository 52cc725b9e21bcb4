// The command groups. Each adds its subcommands with their help to the program; what they do runs after parsing.
#pragma once

#include <CLI/CLI.hpp>

#include "app/cli/context.hpp"

namespace cli {

void add_migrate_command(CLI::App& program, Context& context);
void add_account_commands(CLI::App& program, Context& context);
void add_user_commands(CLI::App& program, Context& context);
void add_key_commands(CLI::App& program, Context& context);
void add_link_commands(CLI::App& program, Context& context);
void add_event_commands(CLI::App& program, Context& context);
void add_link_export(CLI::App& group, Context& context);  // one of them
void add_affiliate_program_commands(CLI::App& program, Context& context);
void add_check_command(CLI::App& program, Context& context);
void add_clicks_commands(CLI::App& program, Context& context);
void add_status_command(CLI::App& program, Context& context);
void add_doctor_command(CLI::App& program, Context& context);

}  // namespace cli
