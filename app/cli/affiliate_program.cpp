// quietleaks program list | add | parameters | host-add | host-remove | remove: the affiliate programs that links are
// recognised by. (program.cpp is the operator's program itself.)
#include <algorithm>
#include <memory>

#include "app/base/text.hpp"
#include "app/cli/commands.hpp"
#include "app/links/rules.hpp"
#include "db/error.hpp"

namespace cli {
namespace {

constexpr const char* kGroupHelp = R"(Examples:
  quietleaks program list
  quietleaks program add "Our Shop" --host shop.example --identity partner --click partner

`quietleaks program COMMAND --help` shows more.)";

constexpr const char* kListHelp = R"(A link that names no program gets the one whose host its url leads to, or leads
below; of several the longest host counts. Links that are there already keep theirs.

IN THE LINK are the query parameters that say in a link to the program whose it is; AT THE MERCHANT are those that the
program hands on, of which one has to arrive.

Examples:
  quietleaks program list
  quietleaks program list --json | jq -r '.programs[] | select(.name == "Amazon").hosts[]')";

constexpr const char* kAddHelp = R"(Examples:
  quietleaks program add "Our Shop" --host shop.example --identity partner --click partner
  quietleaks program add Network --host go.network.example,trk.network.example --click nclid

New links follow at once.)";

constexpr const char* kParametersHelp = R"(Both lists are set anew; what is not given becomes empty.

Example:
  quietleaks program parameters "Our Shop" --identity partner,campaign --click partner)";

constexpr const char* kHostHelp = R"(Examples:
  quietleaks program host-add Impact goto.shop.example
  quietleaks program host-remove goto.shop.example)";

constexpr const char* kRemoveHelp = R"(Links that have its name keep it.

Example:
  quietleaks program remove "Our Shop")";

using Words = std::vector<std::string>;

constexpr std::size_t kShownHosts = 48;  // bytes of a cell

Array array_of(const Words& words) {
  return {words.begin(), words.end()};
}

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Object describe(const db::Program& program) {
  return {{"name", program.name},
          {"hosts", array_of(program.hosts)},
          {"identity_parameters", array_of(program.identity_parameters)},
          {"click_parameters", array_of(program.click_parameters)}};
}

Value cell(const Words& words) {
  return words.empty() ? Value() : Value(base::shorten(joined(words), kShownHosts));
}

Object describe_for_people(const db::Program& program) {
  return {{"name", program.name},
          {"count", static_cast<std::int64_t>(program.hosts.size())},
          {"hosts", cell(program.hosts)},
          {"identity", cell(program.identity_parameters)},
          {"click", cell(program.click_parameters)}};
}

Failure not_found(const std::string& name) {
  return {Exit::failed, "program_not_found", "there is no program \"" + name + "\"",
          "`quietleaks program list` shows them all."};
}

// In words what the table's rules have against a change.
Failure refusal(const db::Error& error) {
  const std::string& rule = error.constraint();
  if (rule == "program_hosts_pkey")
    return {Exit::failed, "host_taken", "a host among these is a program's already",
            "`quietleaks program list --json` shows whose; `quietleaks program host-remove HOST` frees it."};
  if (error.kind() == db::ErrorKind::conflict)
    return {Exit::failed, "program_exists", "there is a program of that name already",
            "`quietleaks program host-add` and `quietleaks program parameters` change it."};
  if (rule == "program_hosts_host_is_plain")
    return {Exit::failed, "invalid_host", "a host among these is none",
            "A host is a name with a dot in it, such as go.shop.example: no https://, no port, no path, no *."};
  return {Exit::failed, "invalid_parameter", "a parameter among these is none, or comes twice",
          "A parameter is what stands before the = in a URL's query: letters, digits, _ . -; at most 20 of them."};
}

template <typename Change>
auto changing(Change&& change) {
  try {
    return change();
  } catch (const db::Error& error) {
    if (error.kind() != db::ErrorKind::conflict && error.kind() != db::ErrorKind::invalid) throw;
    throw refusal(error);
  }
}

Words lower(Words hosts) {
  for (std::string& host : hosts)
    for (char& c : host)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return hosts;
}

db::Program find(Context& context, const std::string& name) {
  const auto same = [&](const db::Program& program) { return lower({program.name}) == lower({name}); };
  const auto all = context.database().programs().all();
  const auto found = std::find_if(all.begin(), all.end(), same);
  if (found == all.end()) throw not_found(name);
  return *found;
}

// The program as it is now.
void show(Context& context, const std::string& name, const std::string& what_happened) {
  const db::Program program = find(context, name);
  const Console console = context.console();
  if (console.json()) return console.print_json(describe(program));
  console.print("Program " + printable(program.name) + ' ' + what_happened + '.');
  console.print("hosts            " + printable(joined(program.hosts)));
  console.print("in the link      " + printable(joined(program.identity_parameters)));
  console.print("at the merchant  " + printable(joined(program.click_parameters)));
}

void list(Context& context) {
  const Console console = context.console();
  Array rows;
  for (const auto& program : context.database().programs().all())
    rows.emplace_back(console.json() ? describe(program) : describe_for_people(program));
  if (console.json()) return console.print_json(Object{{"programs", std::move(rows)}});
  if (rows.empty()) return console.remark("There are no programs. Next: quietleaks program add NAME --host HOST");
  console.print(console.table({{"PROGRAM", "name"},
                               {"IN THE LINK", "identity"},
                               {"AT THE MERCHANT", "click"},
                               {"HOSTS", "count", Align::right},
                               {"", "hosts"}},
                              rows));
}

void add(Context& context, db::Program program) {
  if (const auto fault = links::program_fault(program.name))
    throw Failure(Exit::failed, "invalid_name", "the program's name " + *fault, "A name has 1 to 100 characters.");
  program.hosts = lower(std::move(program.hosts));
  changing([&] { context.database().programs().add(program); });
  show(context, program.name, "is known now");
}

void set_parameters(Context& context, const db::Program& program) {
  if (!changing([&] { return context.database().programs().set_parameters(program); })) throw not_found(program.name);
  show(context, program.name, "has these parameters now");
}

void add_hosts(Context& context, const db::Program& program) {
  const Words hosts = lower(program.hosts);
  if (!changing([&] { return context.database().programs().add_hosts(program.name, hosts); }))
    throw not_found(program.name);
  show(context, program.name, "has these hosts now");
}

void remove_host(Context& context, const std::string& given) {
  const std::string host = lower({given}).front();
  if (!context.database().programs().remove_host(host))
    throw Failure(Exit::failed, "host_not_found", "no program has the host \"" + given + "\"",
                  "`quietleaks program list --json` shows all hosts.");
  const Console console = context.console();
  if (console.json()) return console.print_json(Object{{"host", host}, {"removed", true}});
  console.print("Links to " + printable(host) + " are not recognised by it any more.");
}

void remove(Context& context, const std::string& name) {
  const db::Program program = find(context, name);
  if (!context.database().programs().remove(program.name)) throw not_found(name);
  const Console console = context.console();
  if (console.json()) return console.print_json(Object{{"name", program.name}, {"removed", true}});
  console.print("Program " + printable(program.name) + " is gone. Links that have its name keep it.");
}

void add_parameter_options(CLI::App& command, db::Program& program) {
  command.add_option("--identity", program.identity_parameters, "Query parameters in the link that say whose it is")
      ->delimiter(',')
      ->type_name("NAME,...");
  command.add_option("--click", program.click_parameters, "Query parameters of which one must reach the merchant")
      ->delimiter(',')
      ->type_name("NAME,...");
}

void add_host_commands(CLI::App& group, Context& context, const std::shared_ptr<db::Program>& given) {
  CLI::App* adding = group.add_subcommand("host-add", "Add hosts to a program");
  adding->add_option("NAME", given->name, "The program's name")->required();
  adding->add_option("HOST", given->hosts, "Links to it and below it are the program's")->required();
  adding->footer(kHostHelp);
  adding->callback([given, &context] { add_hosts(context, *given); });

  auto host = std::make_shared<std::string>();
  CLI::App* removing = group.add_subcommand("host-remove", "Take a host away from its program");
  removing->add_option("HOST", *host, "The host, as `quietleaks program list` shows it")->required();
  removing->footer(kHostHelp);
  removing->callback([host, &context] { remove_host(context, *host); });
}

}  // namespace

void add_affiliate_program_commands(CLI::App& program, Context& context) {
  CLI::App* group = program.add_subcommand("program", "The affiliate programs that links are recognised by");
  group->require_subcommand(1);
  group->footer(kGroupHelp);
  auto given = std::make_shared<db::Program>();

  CLI::App* listing = group->add_subcommand("list", "List all programs with their parameters and hosts");
  listing->footer(kListHelp);
  listing->callback([&context] { list(context); });

  CLI::App* adding = group->add_subcommand("add", "Add a program");
  adding->add_option("NAME", given->name, "Its name, as links are to have it")->required();
  adding->add_option("--host", given->hosts, "Links to it and below it are the program's")
      ->required()
      ->delimiter(',')
      ->type_name("HOST,...");
  add_parameter_options(*adding, *given);
  adding->footer(kAddHelp);
  adding->callback([given, &context] { add(context, *given); });

  CLI::App* setting = group->add_subcommand("parameters", "Set the query parameters of a program");
  setting->add_option("NAME", given->name, "The program's name")->required();
  add_parameter_options(*setting, *given);
  setting->footer(kParametersHelp);
  setting->callback([given, &context] { set_parameters(context, *given); });

  add_host_commands(*group, context, given);

  CLI::App* removing = group->add_subcommand("remove", "Remove a program and its hosts");
  removing->add_option("NAME", given->name, "The program's name")->required();
  removing->footer(kRemoveHelp);
  removing->callback([given, &context] { remove(context, given->name); });
}

}  // namespace cli
