// quietleaks clicks recount
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/interrupt.hpp"
#include "app/cli/progress.hpp"

namespace cli {
namespace {

constexpr const char* kGroupHelp = R"(Examples:
  quietleaks clicks recount        do the counters equal the clicks?
  quietleaks status                how far is counting behind?)";

constexpr const char* kRecountHelp =
    R"(Holds every counter against what it counts: humans, bots and uniques of each day against the clicks themselves, and
clicks_30d against its days. Days of which no single clicks are kept (plans.clicks_kept_days) are taken as they are. Safe while the server runs: a few
hundred links at a time, each looked at in one moment. Changes nothing without --fix.

Examples:
  quietleaks clicks recount
  quietleaks clicks recount --account "Demo Agency" --json | jq .miscounts
  quietleaks clicks recount --fix      stores what was counted; as the database's owner or quietleaks_clicks

Exit code 0: all is right, or was put right. 1: something is wrong and was not put right.)";

constexpr int kLinksAtOnce = 250;  // with --fix the flush waits for one such step
constexpr std::size_t kMaxShown = 1000;

struct Arguments {
  std::optional<std::string> account;  // none: all of them
  bool fix = false;
};

struct Found {
  std::int64_t accounts = 0;
  std::int64_t links = 0;
  std::int64_t wrong = 0;
  Array miscounts;  // the first thousand of them
};

Object describe(const db::Account& account, const db::Miscount& miscount) {
  return {{"account", account.name},
          {"account_id", base::format_uuid(account.id)},
          {"link_id", base::format_uuid(miscount.link_id)},
          {"what", miscount.what},
          {"stored", miscount.stored},
          {"counted", miscount.counted}};
}

class Recounter {
 public:
  Recounter(Context& context, std::vector<db::Account> accounts, bool fix)
      : clicks_(context.database().clicks()), accounts_(std::move(accounts)), fix_(fix) {
    for (const db::Account& account : accounts_) total_ += account.links;
  }

  // False: interrupted.
  bool run(const Console& console) {
    ProgressBar progress(console, total_, "links");
    for (const db::Account& account : accounts_)
      if (!recount(account, progress)) return false;
    return true;
  }

  std::int64_t total() const { return total_; }
  Found& found() { return found_; }

 private:
  bool recount(const db::Account& account, ProgressBar& progress) {
    ++found_.accounts;
    std::optional<db::Uuid> last;
    do {
      progress.show(found_.links, found_.links);
      if (interrupted()) return false;
      // A recount over midnight is right with either day.
      const auto today = base::day_number(base::unix_seconds());
      const auto step = clicks_.recount(account.id, last, kLinksAtOnce, today, fix_);
      found_.links += step.links;
      for (const db::Miscount& miscount : step.miscounts) note(account, miscount);
      last = step.last;
    } while (last);
    return true;
  }

  void note(const db::Account& account, const db::Miscount& miscount) {
    ++found_.wrong;
    if (found_.miscounts.size() < kMaxShown) found_.miscounts.emplace_back(describe(account, miscount));
  }

  db::Clicks& clicks_;
  const std::vector<db::Account> accounts_;
  const bool fix_;
  std::int64_t total_ = 0;
  Found found_;
};

std::string miscounts_table(const Console& console, const Found& found) {
  std::string text = console.table({{"ACCOUNT", "account"},
                                    {"LINK", "link_id"},
                                    {"WHAT", "what"},
                                    {"STORED", "stored", Align::right},
                                    {"COUNTED", "counted", Align::right}},
                                   found.miscounts);
  const auto more = found.wrong - static_cast<std::int64_t>(found.miscounts.size());
  return more > 0 ? text + "\nand " + std::to_string(more) + " more" : text;
}

std::string verdict(const Found& found, bool fix) {
  const std::string looked_at =
      counted(found.links, "link") + " of " + counted(found.accounts, "account") + " recounted: ";
  if (found.wrong == 0) return looked_at + "every counter is right.";
  return looked_at + counted(found.wrong, "number") + (fix ? " put right." : " wrong.");
}

void print(const Console& console, const Found& found, bool fix) {
  if (console.json())
    return console.print_json(Object{{"accounts", found.accounts},
                                     {"links", found.links},
                                     {"wrong", found.wrong},
                                     {"fixed", fix && found.wrong > 0},
                                     {"miscounts", found.miscounts}});
  if (found.wrong > 0) console.print(miscounts_table(console, found) + "\n");
  console.print(verdict(found, fix));
  if (found.wrong > 0 && !fix) console.remark("Next: quietleaks clicks recount --fix");
}

Failure interruption(const Recounter& recounter, const Found& found, bool fix) {
  return {Exit::failed, "interrupted",
          "the recount was interrupted behind " + std::to_string(found.links) + " of " +
              counted(recounter.total(), "link") + ", " + counted(found.wrong, "number") + " of them " +
              (fix ? "put right" : "wrong"),
          fix ? "What was put right stays so. Run it again for the rest." : "Nothing was changed. Run it again."};
}

void recount(Context& context, const Arguments& arguments) {
  std::vector<db::Account> accounts;
  if (arguments.account)
    accounts.push_back(context.account(*arguments.account));
  else
    accounts = context.database().accounts().list();
  heed_interrupts();
  const Console console = context.console();
  Recounter recounter(context, std::move(accounts), arguments.fix);
  const bool finished = recounter.run(console);
  const Found& found = recounter.found();
  if (!finished) {
    if (found.wrong > 0) console.remark(miscounts_table(console, found));
    throw interruption(recounter, found, arguments.fix);
  }
  print(console, found, arguments.fix);
  if (found.wrong > 0 && !arguments.fix) context.exit = Exit::failed;
}

}  // namespace

void add_clicks_commands(CLI::App& program, Context& context) {
  CLI::App* group = program.add_subcommand("clicks", "Prove the counters of clicks");
  group->require_subcommand(1);
  group->footer(kGroupHelp);
  auto arguments = std::make_shared<Arguments>();
  CLI::App* recounting = group->add_subcommand("recount", "Hold all counters against the clicks that they count");
  recounting->add_option("--account", arguments->account, "This account alone: its name or id")->type_name("ACCOUNT");
  recounting->add_flag("--fix", arguments->fix, "Store what was counted");
  recounting->footer(kRecountHelp);
  recounting->callback([arguments, &context] { recount(context, *arguments); });
}

}  // namespace cli
