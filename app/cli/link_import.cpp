// quietleaks link import
#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli/commands.hpp"
#include "app/cli/database_failure.hpp"
#include "app/cli/interrupt.hpp"
#include "app/cli/progress.hpp"
#include "app/links/importer.hpp"
#include "db/error.hpp"

namespace cli {
namespace {

constexpr const char* kGroupHelp = R"(Examples:
  quietleaks link import --account "Demo Agency" links.csv --dry-run
  quietleaks link export --account "Demo Agency" links.csv

`quietleaks link COMMAND --help` shows more.)";

constexpr const char* kHelp =
    R"(The first line names the columns: url must be there; label,program,slug,tags,created_at,fallback_url may be.
  label,url,program,slug,tags,created_at
  Best USB Microphone 2026,https://shareasale.com/r/product/1234,ShareASale,abc123,audio;gifts,2026-01-15T10:00:00Z

Where the label or the program is left empty, the url tells it (`quietleaks program list`). Without a slug, a link gets a random one.
Tags are separated by ";". fallback_url is where visitors go while the link is broken; without one they go where
`quietleaks account fallback` says, or else to the url all the same. UTF-8, RFC 4180 (a comma or quote in a field needs
quotes around it). A bad row is reported with its line, and the rest goes in: then the exit code is 3.
Give slugs to make an import repeatable: a row whose slug is taken is skipped. With --dry-run nothing is changed: the
answer, with its exit code, is that of the import. What only `quietleaks link export` can tell (id, proxy_url, status,
failure_mode, last_checked_at, clicks_30d) is passed over.

Examples:
  quietleaks link import --account "Demo Agency" links.csv
  gunzip -c links.csv.gz | quietleaks link import --account "Demo Agency" - --json)";

struct Arguments {
  std::string account;
  std::string file;
  bool dry_run = false;
};

class InputFile {
 public:
  explicit InputFile(const std::string& path) : path_(path) {
    fd_ = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd_ < 0) fail();
  }
  ~InputFile() {
    if (fd_ > STDERR_FILENO) close(fd_);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // 0: the end, or an interrupt.
  std::size_t read(char* into, std::size_t size) const {
    while (!interrupted()) {
      const ssize_t got = ::read(fd_, into, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) fail();
    }
    return 0;
  }

  std::int64_t size() const {  // 0: not known beforehand
    struct stat status {};
    return fstat(fd_, &status) == 0 && S_ISREG(status.st_mode) ? status.st_size : 0;
  }

 private:
  [[noreturn]] void fail() const {
    throw Failure(Exit::failed, "file_unreadable", "cannot read " + path_ + ": " + std::strerror(errno),
                  "Give a CSV file, or - for standard input.");
  }

  std::string path_;
  int fd_ = -1;
};

Array describe(const std::vector<links::RowFault>& faults) {
  Array rows;
  for (const links::RowFault& fault : faults)
    rows.emplace_back(Object{{"line", fault.line},
                             {"column", fault.column.empty() ? Value() : Value(fault.column)},
                             {"reason", fault.reason}});
  return rows;
}

void remark_faults(const Console& console, const links::ImportSummary& summary) {
  for (const links::RowFault& fault : summary.faults)
    console.remark("line " + std::to_string(fault.line) + (fault.column.empty() ? "" : ", " + fault.column) + ": " +
                   printable(fault.reason));
  const auto more = summary.skipped - static_cast<std::int64_t>(summary.faults.size());
  if (more > 0) console.remark("and " + std::to_string(more) + " more");
}

void print_summary(const Console& console, const db::Account& account, const links::ImportSummary& summary,
                   bool dry_run) {
  remark_faults(console, summary);
  if (console.json())
    return console.print_json(Object{{"account", account.name},
                                     {"imported", summary.imported},
                                     {"skipped", summary.skipped},
                                     {"dry_run", dry_run},
                                     {"errors", describe(summary.faults)}});
  if (dry_run)
    return console.print("Would import " + counted(summary.imported, "link") + " into " + printable(account.name) +
                         (summary.skipped > 0 ? " and skip " + counted(summary.skipped, "row") : "") +
                         ". Nothing was changed.");
  console.print("Imported " + counted(summary.imported, "link") + " into " + printable(account.name) +
                (summary.skipped > 0 ? ", skipped " + counted(summary.skipped, "row") + "." : "."));
  if (summary.skipped > 0) console.remark("Next: correct those rows and import them alone, under the same first line.");
}

Failure bad_header(const std::string& message) {
  return {
      Exit::failed, "bad_header", "the first line does not name the columns: " + message,
      "It must be like: label,url,program,slug,tags,created_at,fallback_url (all but url may be missing; any order; "
      "separated by commas). Nothing was imported."};
}

std::string how_far(const links::Importer& importer) {
  if (importer.only_tries()) return "the dry run stopped behind line " + std::to_string(importer.settled_line());
  return "the import stopped behind line " + std::to_string(importer.settled_line()) + " (" +
         counted(importer.summary().imported, "link") + " in, " + counted(importer.summary().skipped, "row") +
         " skipped)";
}

std::string go_on(const links::Importer& importer) {
  if (importer.only_tries()) return " Nothing was changed.";
  return " What is in stays in: go on with the lines behind that one, under the same first line.";
}

Failure interruption(const links::Importer& importer) {
  if (importer.settled_line() == 0)
    return {Exit::failed, "interrupted", "the import was interrupted before its first row", "Nothing was imported."};
  return {Exit::failed, "interrupted", how_far(importer), "Interrupted." + go_on(importer)};
}

void run(links::Importer& importer, const std::function<bool(std::int64_t rows)>& after_row) {
  try {
    if (importer.run(after_row) == links::Importer::Result::stopped) throw interruption(importer);
  } catch (const links::HeaderFault& fault) {
    throw bad_header(fault.what());
  } catch (const links::NoFreeSlug&) {
    throw Failure(Exit::failed, "no_free_slug", how_far(importer),
                  "No free slug was found for a row that names none. Give slugs in the file.");
  } catch (const db::Error& error) {
    const Failure cause = database_failure(error);
    throw Failure(cause.exit(), cause.code(), how_far(importer) + ": " + cause.what(), cause.hint() + go_on(importer));
  }
}

void import(Context& context, const Arguments& arguments) {
  const InputFile file(arguments.file);
  const db::Account account = context.account(arguments.account);
  heed_interrupts();
  links::CsvReader reader([&](char* into, std::size_t size) { return file.read(into, size); });
  const links::Programs programs(context.database().programs().all());
  links::Importer importer(context.database().links(), account.id, reader, context.config().public_url, programs);
  if (arguments.dry_run) importer.only_try();
  const Console console = context.console();
  try {
    ProgressBar progress(console, file.size());
    run(importer, [&](std::int64_t rows) {
      progress.show(reader.bytes_read(), rows);
      return !interrupted();
    });
  } catch (...) {
    remark_faults(console, importer.summary());
    throw;
  }
  print_summary(console, account, importer.summary(), arguments.dry_run);
  if (importer.summary().skipped > 0) context.exit = Exit::partly;
}

}  // namespace

void add_link_commands(CLI::App& program, Context& context) {
  CLI::App* group = program.add_subcommand("link", "Import and export links");
  group->require_subcommand(1);
  group->footer(kGroupHelp);
  auto arguments = std::make_shared<Arguments>();
  CLI::App* importing = group->add_subcommand("import", "Import links from a CSV file");
  importing->add_option("--account", arguments->account, "The account's name or id")->required()->type_name("ACCOUNT");
  importing->add_option("FILE", arguments->file, "The CSV file; -: standard input")->required();
  importing->add_flag("--dry-run", arguments->dry_run, "Say what would happen, and change nothing");
  importing->footer(kHelp);
  importing->callback([arguments, &context] { import(context, *arguments); });
  add_link_export(*group, context);
}

}  // namespace cli
