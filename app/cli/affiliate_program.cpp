// quietleaks program list | set | remove
#include <algorithm>
#include <memory>

#include "app/cli/commands.hpp"
#include "app/http/url.hpp"
#include "app/links/rules.hpp"

namespace cli {
namespace {

constexpr const char* kHelp =
    R"(A link whose program is not given gets that of its destination's host: the host itself or one above it.

Examples:
  quietleaks program list
  quietleaks program set "My Network" --host track.network.example --tag-parameter pub --click-parameter netclick
  quietleaks program set Amazon --host amazon.de --host amzn.to --tag-parameter tag --click-parameter tag
  quietleaks program remove "My Network"

`set` replaces all that was said of the program before. --tag-parameter: whose link it is, in the program's own URLs.
--click-parameter: what the merchant must receive for the sale to be credited. Links that are there keep their program.)";

struct Arguments {
  db::Program program;
};

Array texts(const std::vector<std::string>& values) {
  Array array;
  for (const auto& value : values) array.emplace_back(value);
  return array;
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) text.append(text.empty() ? "" : " ").append(value);
  return text;
}

Object describe(const db::Program& program) {
  return {{"name", program.name},
          {"hosts", texts(program.hosts)},
          {"tag_parameters", texts(program.tag_parameters)},
          {"click_parameters", texts(program.click_parameters)}};
}

Object as_row(const db::Program& program) {
  return {{"name", program.name},
          {"tags", joined(program.tag_parameters)},
          {"clicks", joined(program.click_parameters)},
          {"hosts", joined(program.hosts)}};
}

void list(Context& context) {
  const auto programs = context.database().programs().all();
  const Console console = context.console();
  Array rows;
  for (const auto& program : programs) rows.emplace_back(console.json() ? describe(program) : as_row(program));
  if (console.json()) return console.print_json(Object{{"programs", std::move(rows)}});
  if (rows.empty()) return console.remark("There are no programs. Next: quietleaks program set NAME --host HOST");
  console.print(console.table(
      {{"PROGRAM", "name"}, {"TAG PARAMETERS", "tags"}, {"CLICK PARAMETERS", "clicks"}, {"HOSTS", "hosts"}}, rows));
}

// In the form in which the table has it.
std::string host(const std::string& given) {
  const auto url = "https://" + given;
  const auto name = http::url_fault(url) || given.find_first_of("/?#:") != std::string::npos
                        ? std::string()
                        : http::origin_of(url).host;
  if (name.find('.') == std::string::npos)
    throw Failure(Exit::usage, "invalid_host", "--host " + given + " is not the name of a host",
                  "Give it without scheme, port and path: track.network.example");
  return name;
}

void require_good_name(const std::string& name) {
  if (const auto fault = links::program_fault(name))
    throw Failure(Exit::failed, "invalid_name", "the program's name " + *fault,
                  "A program's name has 1 to 100 characters. Choose another one.");
}

void set(Context& context, db::Program program) {
  require_good_name(program.name);
  std::transform(program.hosts.begin(), program.hosts.end(), program.hosts.begin(), host);
  std::sort(program.hosts.begin(), program.hosts.end());
  program.hosts.erase(std::unique(program.hosts.begin(), program.hosts.end()), program.hosts.end());
  context.database().programs().store(program);
  const Console console = context.console();
  if (console.json()) return console.print_json(describe(program));
  console.print("New links to " + joined(program.hosts) + " are of " + printable(program.name) + " within seconds.");
}

void remove(Context& context, const std::string& name) {
  if (!context.database().programs().remove(name))
    throw Failure(Exit::failed, "program_not_found", "there is no program \"" + name + "\"",
                  "`quietleaks program list` shows them all.");
  const Console console = context.console();
  if (console.json()) return console.print_json(Object{{"name", name}, {"removed", true}});
  console.print("Program " + printable(name) + " is removed. Links keep the name.");
}

}  // namespace

void add_program_commands(CLI::App& program, Context& context) {
  CLI::App* group = program.add_subcommand("program", "Affiliate programs: which hosts and parameters are theirs");
  group->require_subcommand(1);
  auto arguments = std::make_shared<Arguments>();

  CLI::App* listing = group->add_subcommand("list", "List all programs");
  listing->callback([&context] { list(context); });

  CLI::App* setting = group->add_subcommand("set", "Add a program, or say anew what it is");
  auto& given = arguments->program;
  setting->add_option("NAME", given.name, "What links call it")->required();
  setting->add_option("--host", given.hosts, "A host of its own; may be given several times")
      ->required()
      ->type_name("HOST");
  setting->add_option("--tag-parameter", given.tag_parameters, "Says whose link it is")->type_name("NAME");
  setting->add_option("--click-parameter", given.click_parameters, "Must reach the merchant")->type_name("NAME");
  setting->footer(kHelp);
  setting->callback([arguments, &context] { set(context, arguments->program); });

  CLI::App* removing = group->add_subcommand("remove", "Remove a program");
  removing->add_option("NAME", given.name, "Its name")->required();
  removing->callback([arguments, &context] { remove(context, arguments->program.name); });
}

}  // namespace cli
