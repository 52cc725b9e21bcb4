#include "handlers/link_edits.hpp"

#include <algorithm>
#include <utility>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/links/rules.hpp"
#include "app/links/slugs.hpp"
#include "handlers/link_tag.hpp"
#include "handlers/links.hpp"
#include "handlers/views.hpp"

namespace handlers {
namespace {

http::Problem slug_taken(const std::string& slug, const std::string& pointer) {
  const auto detail = "The slug \"" + slug + "\" is taken. Slugs are shared by all accounts of this installation.";
  http::Problem problem(409, "slug_taken", detail);
  problem.with({.detail = detail, .parameter = {}, .pointer = pointer + "/slug"});
  return problem;
}

http::Problem link_limit_reached() {
  return {403, "link_limit_reached",
          "The account has as many links as its plan allows. Delete some, or ask for a larger plan."};
}

http::Problem no_free_slug() {
  http::Problem problem(503, "no_free_slug", "No free slug was found. Try again.");
  problem.with_header("Retry-After", "2");
  return problem;
}

template <typename T>
void assign(T& member, const std::optional<T>& given) {
  if (given) member = *given;
}

// Of the tags that a link has by now, so that nobody undoes what another did meanwhile.
void change_tags(std::vector<std::string>& tags, const LinkMembers& members, const std::string& pointer) {
  const auto holds = [](const std::vector<std::string>& list, const std::string& tag) {
    return std::find(list.begin(), list.end(), tag) != list.end();
  };
  assign(tags, members.tags);
  if (members.remove_tags) std::erase_if(tags, [&](const auto& tag) { return holds(*members.remove_tags, tag); });
  if (!members.add_tags) return;
  for (const auto& tag : *members.add_tags)
    if (!holds(tags, tag)) tags.push_back(tag);
  if (tags.size() <= links::kMaxTags) return;
  throw invalid_body("invalid_link",
                     {{.detail = "With add_tags the link has more than " + std::to_string(links::kMaxTags) + " tags.",
                       .parameter = {},
                       .pointer = pointer + "/add_tags"}});
}

// Whether an edit of the one makes the other.
bool same(const db::Link& one, const db::Link& other) {
  return one.label == other.label && one.url == other.url && one.slug == other.slug && one.program == other.program &&
         one.tags == other.tags && one.fallback_url == other.fallback_url;
}

LinkMembers read_body(const http::Request& request, const web::Context& context, bool is_new) {
  const auto body = read_json(request);
  Faults faults;
  LinkMembers members;
  if (const auto* object = body.as<http::JsonObject>()) {
    members = read_link_members(*object, "", context.public_url, faults);
    if (is_new) LinkEditor::require_new(*object, "", faults);
  } else {
    add_fault(faults, "", "The body must be a JSON object, not " + std::string(http::kind_name(body)) + ".");
  }
  if (!faults.empty()) throw invalid_body("invalid_link", faults);
  return members;
}

http::Response link_response(const db::Link& link, const web::Context& context) {
  http::JsonWriter json;
  write_link(json, link, context.public_url);
  auto response = json_response(json.take());
  set_link_tag(response, link);
  return response;
}

// The link that is to be changed, as it is and stays until the transaction's end.
db::Link locked(const http::Request& request, web::Context& context, const LinkEditor& editor) {
  const auto id = require_link_id(context);
  context.database.link_edits().lock(context.identity.account_id, {&id, 1});
  auto link = editor.find(id);
  require_match(request, link);
  return link;
}

}  // namespace

void LinkEditor::require_new(const http::JsonObject& object, const std::string& pointer, Faults& faults) {
  bool has_url = false;
  for (const auto& [name, value] : object) {
    has_url = has_url || name == "url";
    if (name == "add_tags" || name == "remove_tags")
      add_fault(faults, std::string(pointer).append("/").append(name),
                std::string(name).append(" is for a link that is there: a new one has tags."));
  }
  if (!has_url) add_fault(faults, pointer + "/url", "url is missing: the address that visitors are sent to.");
}

const links::Programs& LinkEditor::programs() {
  if (!programs_) programs_.emplace(context_.database.programs().all());
  return *programs_;
}

db::NewLink LinkEditor::new_link(const LinkMembers& members) {
  return {.label = members.label.value_or(links::label_for(*members.url)),
          .url = *members.url,
          .program = members.program ? *members.program : programs().recognise(*members.url),
          .slug = members.slug.value_or(std::string()),
          .tags = members.tags.value_or(std::vector<std::string>()),
          .created_at = std::nullopt,
          .fallback_url = members.fallback_url.value_or(std::nullopt)};
}

// Slugs that were made up and turned out to be taken are made up anew.
std::vector<LinkEditor::Created> LinkEditor::create(std::span<const LinkMembers> links,
                                                    std::span<const std::string> pointers) {
  std::vector<Created> created(links.size(), no_free_slug());
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < links.size(); ++i) waiting.push_back(i);
  for (int attempt = 0; attempt < links::kSlugAttempts && !waiting.empty(); ++attempt) {
    std::vector<db::NewLink> rows;
    rows.reserve(waiting.size());
    for (const auto i : waiting) rows.push_back(new_link(links[i]));
    for (auto& row : rows)
      if (row.slug.empty()) row.slug = links::random_slug();
    const auto outcome = context_.database.links().insert(context_.identity.account_id, rows);
    std::vector<std::size_t> again;
    for (std::size_t n = 0; n < waiting.size(); ++n) {
      const auto i = waiting[n];
      if (outcome[n].id)
        created[i] = find(*outcome[n].id);
      else if (outcome[n].limit_reached)
        created[i] = link_limit_reached();
      else if (links[i].slug)
        created[i] = slug_taken(*links[i].slug, pointers[i]);
      else
        again.push_back(i);
    }
    waiting = std::move(again);
  }
  return created;
}

db::Link LinkEditor::find(const db::Uuid& link_id) const {
  auto link = context_.database.links().find(context_.identity.account_id, link_id, base::day_number(context_.now));
  if (!link) throw link_not_found();
  return *std::move(link);
}

// A program that the destination told stays what the destination tells.
db::Link LinkEditor::update(const db::Link& link, const LinkMembers& members, const std::string& pointer) {
  db::Link changed = link;
  assign(changed.label, members.label);
  assign(changed.url, members.url);
  assign(changed.slug, members.slug);
  assign(changed.program, members.program);
  change_tags(changed.tags, members, pointer);
  assign(changed.fallback_url, members.fallback_url);
  if (!members.program && changed.url != link.url && link.program == programs().recognise(link.url))
    changed.program = programs().recognise(changed.url);
  if (same(link, changed)) return link;
  if (!context_.database.link_edits().store(context_.identity.account_id, changed))
    throw slug_taken(changed.slug, pointer);
  return changed;
}

void LinkEditor::remove(const db::Uuid& link_id) {
  if (!context_.database.link_edits().remove(context_.identity.account_id, link_id)) throw link_not_found();
}

http::Response create_link(const http::Request& request, web::Context& context) {
  const std::vector members{read_body(request, context, true)};
  const std::vector<std::string> pointers{""};
  LinkEditor::Created created = link_not_found();
  context.database.together("add a link", [&] { created = LinkEditor(context).create(members, pointers).front(); });
  if (const auto* problem = std::get_if<http::Problem>(&created)) throw http::Problem(*problem);
  const auto& link = std::get<db::Link>(created);
  auto response = link_response(link, context);
  response.status = 201;
  response.set("Location", context.public_url + "/api/v1/links/" + base::format_uuid(link.id));
  return response;
}

http::Response update_link(const http::Request& request, web::Context& context) {
  const auto members = read_body(request, context, false);
  db::Link link;
  context.database.together("change a link", [&] {
    LinkEditor editor(context);
    link = editor.update(locked(request, context, editor), members, "");
  });
  return link_response(link, context);
}

http::Response delete_link(const http::Request& request, web::Context& context) {
  context.database.together("delete a link", [&] {
    LinkEditor editor(context);
    editor.remove(locked(request, context, editor).id);
  });
  http::Response response;
  response.status = 204;
  response.set("Cache-Control", "no-store");
  return response;
}

}  // namespace handlers
