// quietleaks migrate
#include "db/migrate.hpp"

#include <cstdio>
#include <memory>

#include "app/cli/commands.hpp"

namespace cli {
namespace {

constexpr const char* kHelp = R"(Examples:
  quietleaks migrate                       apply what is missing; safe to repeat and to run while serving
  quietleaks migrate --status              what is applied, what is not; changes nothing
  QL_DATABASE_URL=postgresql://quietleaks@/quietleaks quietleaks migrate
                                           as the database's owner, where the settings file names the web role

Migrations only go forward. Parallel runs wait for each other.
Next: quietleaks account add NAME --plan agency)";

// One migration after another: each is finished when the next begins, or when all are.
class Progress {
 public:
  explicit Progress(const Console& console) : console_(console) {}

  void begin(const db::Migration& migration) {
    finish();
    current_ = migration;
    stopwatch_ = Stopwatch();
    running_ = true;
  }

  void finish() {
    if (!running_) return;
    running_ = false;
    const double seconds = stopwatch_.seconds();
    applied.emplace_back(Object{{"version", current_.version}, {"name", current_.name}, {"seconds", seconds}});
    char time[32];
    std::snprintf(time, sizeof time, "%8.3f s", seconds);
    if (!console_.json()) console_.print("applied  " + current_.name + "  " + console_.paint(Paint::dim, time));
  }

  Array applied;

 private:
  const Console& console_;
  db::Migration current_;
  Stopwatch stopwatch_;
  bool running_ = false;
};

void migrate(Context& context) {
  const Console console = context.console();
  const std::string& url = context.config().database.url;
  Progress progress(console);
  db::migrate(url, [&](const db::Migration& migration) { progress.begin(migration); });
  progress.finish();
  const db::MigrationState state = db::migration_state(url);
  if (console.json())
    return console.print_json(
        Object{{"applied", progress.applied}, {"version", state.applied}, {"known", state.known}});
  const std::string version = "The database is at version " + std::to_string(state.applied) + ".";
  console.print(progress.applied.empty() ? "Nothing to do. " + version : version);
}

void show_status(Context& context) {
  const Console console = context.console();
  const db::MigrationState state = db::migration_state(context.config().database.url);
  Array rows;
  bool pending = false;
  for (const db::Migration& migration : db::migrations()) {
    const bool applied = migration.version <= state.applied;
    pending = pending || !applied;
    rows.emplace_back(Object{{"version", migration.version}, {"name", migration.name}, {"applied", applied}});
  }
  if (console.json())
    return console.print_json(
        Object{{"version", state.applied}, {"known", state.known}, {"migrations", std::move(rows)}});
  console.print(console.table({{"MIGRATION", "name"}, {"APPLIED", "applied"}}, rows));
  if (pending) console.remark("Next: quietleaks migrate");
  if (state.applied > state.known)
    console.remark("The database is at version " + std::to_string(state.applied) + ", newer than this program (" +
                   std::to_string(state.known) + "): update QuietLeaks here.");
}

}  // namespace

void add_migrate_command(CLI::App& program, Context& context) {
  CLI::App* command = program.add_subcommand("migrate", "Prepare the database, or bring it up to this version");
  command->footer(kHelp);
  auto status_only = std::make_shared<bool>(false);
  command->add_flag("--status", *status_only, "Only show what is applied");
  command->callback([status_only, &context] { *status_only ? show_status(context) : migrate(context); });
}

}  // namespace cli
