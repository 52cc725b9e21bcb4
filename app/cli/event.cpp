// quietleaks event list
#include <memory>

#include "app/base/ids.hpp"
#include "app/cli/commands.hpp"
#include "app/http/json_value.hpp"
#include "handlers/event_view.hpp"

namespace cli {
namespace {

constexpr const char* kHelp =
    R"(Who changed what, and when: links and API keys, newest first. Nothing is ever taken away or altered.

Examples:
  quietleaks event list --account "Demo Agency"
  quietleaks event list --account "Demo Agency" --type link.deleted --limit 500
  quietleaks event list --account "Demo Agency" --json | jq '.events[] | select(.actor.name == "CMS")'

--json prints them as GET /api/v1/events does. --before SEQ goes on where an earlier list ended.)";

struct Arguments {
  std::string account;
  std::string link;
  db::EventQuery query{.limit = 50};
};

std::string text_in(const http::JsonObject& object, std::string_view name) {
  for (const auto& [key, value] : object)
    if (const auto* text = value.as<std::string>(); text && key == name) return *text;
  return {};
}

http::JsonObject object_of(const std::string& json) {
  auto value = http::parse_json(json);
  auto* object = std::get_if<http::JsonObject>(&value.value);
  return object ? std::move(*object) : http::JsonObject();
}

std::string changed_members(const db::Event& event) {
  std::string names;
  for (const auto& [name, change] : object_of(event.changes)) names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

Object describe(const db::Event& event) {
  const auto subject = object_of(event.subject);
  const auto changed = changed_members(event);
  return {{"seq", event.seq},
          {"created_at", time_value(event.created_at)},
          {"type", event.type},
          {"what", text_in(subject, event.link_id ? "label" : "name")},
          {"changed", changed.empty() ? Value() : Value(changed)},
          {"by", event.actor_type + (event.actor_name ? " " + *event.actor_name : "")},
          {"link_id", event.link_id ? Value(base::format_uuid(*event.link_id)) : Value()}};
}

std::string to_api_json(const db::EventPage& page, const std::string& public_url) {
  http::JsonWriter json;
  json.begin_object().key("events").begin_array();
  for (const auto& event : page.events) handlers::write_event(json, event, public_url);
  json.end_array();
  json.key("has_more").boolean(page.more);
  json.key("last_seq").integer(page.last_seq);
  json.end_object();
  return json.take();
}

void list(Context& context, const Arguments& arguments) {
  auto query = arguments.query;
  const auto account = context.account(arguments.account);
  query.account_id = account.id;
  if (!arguments.link.empty()) {
    query.link_id = base::parse_uuid(arguments.link);
    if (!query.link_id)
      throw Failure(Exit::usage, "invalid_link_id", "--link " + arguments.link + " is not the id of a link, a UUID",
                    "`quietleaks event list` without --link shows the ids, in the last column.");
  }
  const auto page = context.database().events().page(query);
  const Console console = context.console();
  if (console.json()) return console.print(to_api_json(page, context.config().public_url));
  if (page.events.empty()) return console.remark("There are no such events.");
  Array rows;
  for (const auto& event : page.events) rows.emplace_back(describe(event));
  console.print(console.table({{"SEQ", "seq", Align::right},
                               {"TIME", "created_at"},
                               {"EVENT", "type"},
                               {"LINK OR KEY", "what"},
                               {"CHANGED", "changed"},
                               {"BY", "by"},
                               {"LINK ID", "link_id"}},
                              rows));
  if (page.more) console.remark("There are more. Next: --before " + std::to_string(page.events.back().seq));
}

}  // namespace

void add_event_commands(CLI::App& program, Context& context) {
  CLI::App* group = program.add_subcommand("event", "The audit trail: who changed what");
  group->require_subcommand(1);
  group->footer(kHelp);
  auto arguments = std::make_shared<Arguments>();
  CLI::App* listing = group->add_subcommand("list", "List what happened to an account's links and keys");
  listing->add_option("--account", arguments->account, "The account's name or id")->required()->type_name("ACCOUNT");
  listing->add_option("--type", arguments->query.type, "Events of this type alone, as link.deleted");
  listing->add_option("--link", arguments->link, "Events of this link alone")->type_name("ID");
  listing->add_option("--before", arguments->query.before, "Events before this one alone")->type_name("SEQ");
  listing->add_option("--limit", arguments->query.limit, "How many at most")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  listing->footer(kHelp);
  listing->callback([arguments, &context] { list(context, *arguments); });
}

}  // namespace cli
