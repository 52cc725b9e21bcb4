#include "handlers/link_bulk.hpp"

#include <optional>
#include <string>
#include <vector>

#include "app/base/ids.hpp"
#include "app/http/json.hpp"
#include "handlers/link_edits.hpp"
#include "handlers/views.hpp"

namespace handlers {
namespace {

enum class Action { create, update, remove };

struct Item {
  std::string pointer;  // "/links/3"
  Action action = Action::create;
  db::Uuid id{};  // of the link to change
  LinkMembers members{};

  // What became of it: the link as it is now (none: deleted), or why nothing did.
  std::optional<db::Link> link{};
  std::optional<http::Problem> problem{};
};

constexpr const char* kShape =
    R"(The body must be {"links": [...]} with 1 to 100 items: the members of a new link, or "action": "update" or "delete" with an "id".)";

const http::JsonArray& require_items(const http::JsonValue& body) {
  const http::JsonArray* items = nullptr;
  Faults faults;
  if (const auto* object = body.as<http::JsonObject>())
    for (const auto& [name, value] : *object) {
      if (name == "links")
        items = value.as<http::JsonArray>();
      else
        add_fault(faults, '/' + http::pointer_token(name), kShape);
    }
  if (!items || items->empty() || items->size() > kMostItems) add_fault(faults, "/links", kShape);
  if (!faults.empty()) throw invalid_body("invalid_link", faults);
  return *items;
}

const http::JsonValue* member(const http::JsonObject& object, std::string_view name) {
  for (const auto& [key, value] : object)
    if (key == name) return &value;
  return nullptr;
}

void read_action(const http::JsonObject& object, Item& item, Faults& faults) {
  const auto* value = member(object, "action");
  if (!value) return;
  const auto* word = value->as<std::string>();
  if (word && *word == "update")
    item.action = Action::update;
  else if (word && *word == "delete")
    item.action = Action::remove;
  else if (!word || *word != "create")
    add_fault(faults, item.pointer + "/action", R"(action must be "create", "update" or "delete".)");
}

void read_id(const http::JsonObject& object, Item& item, Faults& faults) {
  const auto* value = member(object, "id");
  if (item.action == Action::create) {
    if (value) add_fault(faults, item.pointer + "/id", R"(id goes with "action": "update" or "delete" alone.)");
    return;
  }
  const auto* text = value ? value->as<std::string>() : nullptr;
  const auto id = text ? base::parse_uuid(*text) : std::nullopt;
  if (id)
    item.id = *id;
  else
    add_fault(faults, item.pointer + "/id", "id must be that of the link, a UUID.");
}

void read_members(const http::JsonObject& object, const std::string& public_url, Item& item, Faults& faults) {
  item.members = read_link_members(object, item.pointer, public_url, faults, {"action", "id"});
  if (item.action == Action::create) LinkEditor::require_new(object, item.pointer, faults);
  if (item.action == Action::remove && object.size() > 2)
    add_fault(faults, item.pointer, R"(What is to be deleted has "action" and "id" and nothing else.)");
}

Item read_item(const http::JsonValue& value, std::size_t index, const std::string& public_url) {
  Item item{.pointer = "/links/" + std::to_string(index)};
  Faults faults;
  if (const auto* object = value.as<http::JsonObject>()) {
    read_action(*object, item, faults);
    read_id(*object, item, faults);
    read_members(*object, public_url, item, faults);
  } else {
    add_fault(faults, item.pointer, "It must be an object, not " + std::string(http::kind_name(value)) + ".");
  }
  if (!faults.empty()) item.problem = invalid_body("invalid_link", faults);
  return item;
}

std::vector<Item> read_items(const http::Request& request, const web::Context& context) {
  const auto body = read_json(request);
  std::vector<Item> items;
  for (const auto& value : require_items(body)) items.push_back(read_item(value, items.size(), context.public_url));
  return items;
}

void lock_links(const std::vector<Item>& items, web::Context& context) {
  std::vector<db::Uuid> ids;
  for (const auto& item : items)
    if (!item.problem && item.action != Action::create) ids.push_back(item.id);
  if (!ids.empty()) context.database.link_edits().lock(context.identity.account_id, ids);
}

bool creates(const Item& item) {
  return !item.problem && item.action == Action::create;
}

// All that come one after the other, at once.
std::size_t create_run(std::vector<Item>& items, std::size_t begin, LinkEditor& editor) {
  std::vector<LinkMembers> members;
  std::vector<std::string> pointers;
  for (std::size_t i = begin; i < items.size() && creates(items[i]); ++i) {
    members.push_back(items[i].members);
    pointers.push_back(items[i].pointer);
  }
  auto created = editor.create(members, pointers);
  for (std::size_t n = 0; n < created.size(); ++n) {
    if (auto* link = std::get_if<db::Link>(&created[n]))
      items[begin + n].link = std::move(*link);
    else
      items[begin + n].problem = std::get<http::Problem>(created[n]);
  }
  return created.size();
}

void change(Item& item, LinkEditor& editor) {
  try {
    if (item.action == Action::update)
      item.link = editor.update(editor.find(item.id), item.members, item.pointer);
    else
      editor.remove(item.id);
  } catch (const http::Problem& problem) {
    item.problem = problem;
  }
}

void perform(std::vector<Item>& items, web::Context& context) {
  lock_links(items, context);
  LinkEditor editor(context);
  for (std::size_t i = 0; i < items.size();) {
    if (creates(items[i])) {
      i += create_run(items, i, editor);
    } else {
      if (!items[i].problem) change(items[i], editor);
      ++i;
    }
  }
}

int status_of(const Item& item) {
  if (item.problem) return item.problem->status();
  switch (item.action) {
    case Action::create:
      return 201;
    case Action::update:
      return 200;
    case Action::remove:
      break;
  }
  return 204;
}

void write_result(http::JsonWriter& json, const Item& item, const std::string& public_url) {
  json.begin_object();
  json.key("status").integer(status_of(item));
  if (item.problem) {
    json.key("error");
    write_error(json, *item.problem);
  } else {
    json.key("link");
    item.link ? write_link(json, *item.link, public_url) : static_cast<void>(json.null());
  }
  json.end_object();
}

std::string render(const std::vector<Item>& items, const std::string& public_url) {
  std::int64_t failed = 0;
  http::JsonWriter json;
  json.begin_object().key("results").begin_array();
  for (const auto& item : items) {
    write_result(json, item, public_url);
    failed += item.problem.has_value();
  }
  json.end_array();
  json.key("succeeded").integer(static_cast<std::int64_t>(items.size()) - failed);
  json.key("failed").integer(failed);
  json.end_object();
  return json.take();
}

}  // namespace

http::Response bulk_links(const http::Request& request, web::Context& context) {
  const auto given = read_items(request, context);
  std::vector<Item> items;
  context.database.together("change links", [&] {
    items = given;  // the transaction may have to begin anew
    perform(items, context);
  });
  return json_response(render(items, context.public_url));
}

}  // namespace handlers
