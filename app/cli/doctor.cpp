// quietleaks doctor
#include <algorithm>
#include <array>

#include "app/cli/commands.hpp"
#include "app/cli/findings.hpp"

namespace cli {
namespace {

constexpr const char* kHelp =
    R"(Looks at the settings, the run folder and its sockets, the running server, the limits of this machine, the state
folder with the link map and the click journal, the database and the rights of its roles, and Chromium, if the monitor
is to use it; says what to do about each thing that is not as it should be. Changes nothing.

Examples:
  quietleaks doctor
  quietleaks doctor --json | jq '.checks[] | select(.verdict != "good")'

Exit code 1: something failed (warnings do not count).)";

constexpr std::array kVerdictNames{"good", "warning", "failed"};

std::string mark(const Console& console, Verdict verdict) {
  switch (verdict) {
    case Verdict::good:
      return console.paint(Paint::green, console.unicode() ? "✓" : "ok  ");
    case Verdict::warning:
      return console.paint(Paint::yellow, console.unicode() ? "!" : "warn");
    case Verdict::failed:
      return console.paint(Paint::red, console.unicode() ? "✗" : "FAIL");
  }
  return {};
}

void print_as_json(const Console& console, const Findings& findings) {
  Array checks;
  for (const Finding& finding : findings.all())
    checks.emplace_back(Object{{"check", finding.check},
                               {"verdict", kVerdictNames[static_cast<std::size_t>(finding.verdict)]},
                               {"detail", finding.detail},
                               {"hint", finding.hint.empty() ? Value() : Value(finding.hint)}});
  console.print_json(Object{{"ok", !findings.any(Verdict::failed)}, {"checks", std::move(checks)}});
}

void print(const Console& console, const Findings& findings) {
  std::size_t width = 0;
  for (const Finding& finding : findings.all()) width = std::max(width, finding.check.size());
  const std::string indent(width + (console.unicode() ? 4 : 7), ' ');
  for (const Finding& finding : findings.all()) {
    console.print(mark(console, finding.verdict) + " " + finding.check +
                  std::string(width - finding.check.size() + 2, ' ') + printable(finding.detail));
    if (!finding.hint.empty()) console.print(indent + console.paint(Paint::dim, printable(finding.hint)));
  }
  console.print(findings.any(Verdict::failed)    ? "\nSomething is wrong: see above."
                : findings.any(Verdict::warning) ? "\nNothing failed; the lines with ! are worth a look."
                                                 : "\nAll is well.");
}

void examine(Context& context, Findings& findings) {
  try {
    const base::Config& config = context.config();
    const std::string path = context.config_path();
    findings.good("settings", path.empty() ? "from the environment" : path);
    const auto server = examine_host(config, findings);
    examine_state(config, server, findings);
    examine_database(context, findings);
    examine_headless(config, findings);
  } catch (const Failure& failure) {
    findings.fail("settings", failure.what(), failure.hint());
  }
}

}  // namespace

bool Findings::any(Verdict verdict) const {
  return std::any_of(all_.begin(), all_.end(),
                     [verdict](const Finding& finding) { return finding.verdict == verdict; });
}

void add_doctor_command(CLI::App& program, Context& context) {
  CLI::App* command = program.add_subcommand("doctor", "Check that everything is as it should be");
  command->footer(kHelp);
  command->callback([&context] {
    Findings findings;
    examine(context, findings);
    const Console console = context.console();
    console.json() ? print_as_json(console, findings) : print(console, findings);
    if (findings.any(Verdict::failed)) context.exit = Exit::failed;
  });
}

}  // namespace cli
