// quietleaks link export
#include <memory>

#include "app/base/clock.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/database_failure.hpp"
#include "app/cli/interrupt.hpp"
#include "app/cli/output_file.hpp"
#include "app/cli/progress.hpp"
#include "app/links/exporter.hpp"
#include "db/error.hpp"

namespace cli {
namespace {

constexpr const char* kHelp =
    R"(Newest first, in the form that `quietleaks link import` reads: label,url,program,slug,tags,created_at,fallback_url,
and behind these what an import passes over: id,proxy_url,status,failure_mode,last_checked_at,clicks_30d. A cell that a
spreadsheet would take for a formula begins with an apostrophe, which the import takes off again.

The file appears under its name when it is whole, and not before.

Examples:
  quietleaks link export --account "Demo Agency" links.csv
  quietleaks link export --account "Demo Agency" | gzip > links.csv.gz)";

struct Arguments {
  std::string account;
  std::string file = "-";
};

Failure interruption() {
  return {Exit::failed, "interrupted", "the export was interrupted",
          "No file was left behind; what went to standard output is not whole."};
}

void write_all(links::Exporter& exporter, const OutputFile& file, ProgressBar& progress) {
  std::string text;
  for (bool more = true; more;) {
    text.clear();
    more = exporter.next(text);
    if (!file.write(text) || interrupted()) throw interruption();
    progress.show(exporter.rows(), exporter.rows());
  }
}

void export_links(Context& context, const Arguments& arguments) {
  const Console console = context.console();
  const bool to_standard_output = arguments.file == "-";
  if (to_standard_output && console.json())
    throw Failure(Exit::usage, "usage", "--json needs a FILE: standard output cannot be both JSON and CSV",
                  "See `quietleaks link export --help`.");
  const db::Account account = context.account(arguments.account);
  OutputFile file(arguments.file);
  heed_interrupts();
  links::Exporter exporter(
      links::found_links(context.database().link_search(), account.id, {}, base::day_number(base::unix_seconds())),
      context.config().public_url);
  {
    ProgressBar progress(console, account.links, "links");
    write_all(exporter, file, progress);
    file.finish();
  }
  if (console.json())
    return console.print_json(
        Object{{"account", account.name}, {"exported", exporter.rows()}, {"file", arguments.file}});
  const auto summary = "Exported " + counted(exporter.rows(), "link") + " of " + printable(account.name) + ".";
  to_standard_output ? console.remark(summary) : console.print(summary);
}

}  // namespace

void add_link_export(CLI::App& group, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* exporting = group.add_subcommand("export", "Export links to a CSV file");
  exporting->add_option("--account", arguments->account, "The account's name or id")->required()->type_name("ACCOUNT");
  exporting->add_option("FILE", arguments->file, "The CSV file; -: standard output, as without it");
  exporting->footer(kHelp);
  exporting->callback([arguments, &context] { export_links(context, *arguments); });
}

}  // namespace cli
