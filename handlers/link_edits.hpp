// Creating, changing and deleting links: each by itself, for single requests and for the items of a bulk alike.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "app/http/problem.hpp"
#include "app/http/response.hpp"
#include "app/links/programs.hpp"
#include "app/web/context.hpp"
#include "handlers/link_members.hpp"

namespace handlers {

http::Response create_link(const http::Request& request, web::Context& context);
http::Response update_link(const http::Request& request, web::Context& context);
http::Response delete_link(const http::Request& request, web::Context& context);

// One request's edits. All that throw Problem have then changed nothing. Within Database::together().
class LinkEditor {
 public:
  explicit LinkEditor(web::Context& context) : context_(context) {}

  // A link that is to be created has a url, good or bad, and no tags that could be added to or taken away from.
  static void require_new(const http::JsonObject& object, const std::string& pointer, Faults& faults);

  // What became of each, in their order: the link, or why not (409, 403), with a pointer below `pointers`.
  using Created = std::variant<db::Link, http::Problem>;
  std::vector<Created> create(std::span<const LinkMembers> links, std::span<const std::string> pointers);

  // Throws Problem 404, 409, 422.
  db::Link find(const db::Uuid& link_id) const;
  db::Link update(const db::Link& link, const LinkMembers& members, const std::string& pointer);
  void remove(const db::Uuid& link_id);

 private:
  const links::Programs& programs();
  db::NewLink new_link(const LinkMembers& members);

  web::Context& context_;
  std::optional<links::Programs> programs_;  // read when first needed
};

}  // namespace handlers
