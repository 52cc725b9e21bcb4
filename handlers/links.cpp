#include "handlers/links.hpp"

#include <string>
#include <utility>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/base/text.hpp"
#include "app/http/etag.hpp"
#include "app/http/json.hpp"
#include "app/http/link_header.hpp"
#include "app/http/query.hpp"
#include "handlers/conditional.hpp"
#include "handlers/link_filter.hpp"
#include "handlers/link_tag.hpp"
#include "handlers/paging.hpp"
#include "handlers/parameters.hpp"
#include "handlers/session_view.hpp"
#include "handlers/views.hpp"

namespace handlers {
namespace {

constexpr std::string_view kRepresentation = "2";  // raise it when the list's bytes change for the same data
constexpr std::size_t kBytesOfALink = 480;
constexpr int kMostWords = 200;

// A list's tag is the account's version and a digest of all else that shapes the bytes. So a client's tag tells which
// version it has, and the database can say that nothing changed without reading a link.
class ListTag {
 public:
  ListTag(const Paging& paging, const std::string& filter, const web::Context& context) {
    std::string shape(kRepresentation);
    for (const auto number : {std::int64_t{paging.limit}, paging.offset, std::int64_t{base::day_number(context.now)}})
      shape += '/' + std::to_string(number);
    if (paging.starting_after) shape += '/' + base::format_uuid(*paging.starting_after);
    shape += filter;
    suffix_ = '-' + http::content_tag(shape + '/' + context.public_url);
  }

  std::string of(const db::Uuid& version) const { return base::format_uuid(version) + suffix_; }

  std::optional<db::Uuid> version_in(const http::IfNoneMatch& condition) const {
    for (const auto& tag : condition.tags)
      if (tag.ends_with(suffix_)) return base::parse_uuid(std::string_view(tag).substr(0, tag.size() - suffix_.size()));
    return std::nullopt;
  }

 private:
  std::string suffix_;
};

// The plain list is the hot one: it has a way of its own, and no `total_exact`.
struct List {
  Paging paging;
  db::LinkFilter filter;
  bool plain;
};

List parse_list(const http::Query& query) {
  ParameterFaults faults;
  List list{parse_paging(query, faults), parse_link_filter(query, faults), false};
  faults.throw_if_any();
  list.plain = list.filter == db::LinkFilter{};
  return list;
}

db::FoundLinks fetch(const List& list, web::Context& context) {
  const auto& paging = list.paging;
  const auto today = base::day_number(context.now);
  std::optional<db::FoundLinks> found;
  if (!list.plain) {
    found = context.database.link_search().page({.account_id = context.identity.account_id,
                                                 .filter = list.filter,
                                                 .limit = paging.limit,
                                                 .offset = paging.offset,
                                                 .starting_after = paging.starting_after,
                                                 .today = today});
  } else if (auto page = context.database.links().page({.account_id = context.identity.account_id,
                                                        .limit = paging.limit,
                                                        .offset = paging.offset,
                                                        .starting_after = paging.starting_after,
                                                        .today = today})) {
    found.emplace().page = *std::move(page);
  }
  if (found) return *std::move(found);
  throw invalid_parameter("starting_after",
                          "starting_after is not the id of one of your links. It may have been deleted.");
}

std::string render(const db::FoundLinks& found, const List& list, const std::string& public_url) {
  const auto& page = found.page;
  http::JsonWriter json(page.links.size() * kBytesOfALink + kBytesOfALink);
  json.begin_object().key("links").begin_array();
  for (const auto& link : page.links) write_link(json, link, public_url);
  json.end_array();
  json.key("total").integer(page.total);
  json.key("limit").integer(list.paging.limit);
  json.key("offset").integer(list.paging.offset);
  json.key("has_more").boolean(page.more);
  if (!list.plain) json.key("total_exact").boolean(found.total_exact);
  json.end_object();
  return json.take();
}

std::vector<http::WebLink> neighbours(const db::FoundLinks& found, const List& list, const std::string& public_url) {
  const auto url = public_url + "/api/v1/links", filter = describe(list.filter);
  const auto& page = found.page;
  if (list.paging.starting_after)
    return cursor_links(list.paging, page.more ? std::optional(page.links.back().id) : std::nullopt, url, filter);
  auto links = page_links(list.paging, page.total, url, filter);
  if (!found.total_exact) std::erase_if(links, [](const http::WebLink& link) { return link.relation == "last"; });
  return links;
}

}  // namespace

http::Problem link_not_found() {
  return {404, "not_found", "There is no link with this id."};
}

db::Uuid require_link_id(const web::Context& context) {
  if (const auto id = base::parse_uuid(context.path_parameter)) return *id;
  throw link_not_found();
}

http::Response list_links(const http::Request& request, web::Context& context) {
  const auto list = parse_list(http::Query(request.query));
  const auto condition = http::parse_if_none_match(request.header("if-none-match"));
  const ListTag tag(list.paging, describe(list.filter), context);
  const auto known = tag.version_in(condition);
  if (known && known == context.database.links().version(context.identity.account_id)) {
    auto unchanged = json_response({});
    set_tag(unchanged, tag.of(*known));
    return not_modified(std::move(unchanged));
  }
  const auto found = fetch(list, context);
  auto response = json_response(render(found, list, context.public_url));
  set_tag(response, tag.of(found.page.version));
  if (condition.any) return not_modified(std::move(response));
  const auto links = neighbours(found, list, context.public_url);
  if (!links.empty()) response.set("Link", http::link_header(links));
  return response;
}

http::Response get_link(const http::Request& request, web::Context& context) {
  const auto id = base::parse_uuid(context.path_parameter);
  const auto link = id ? context.database.links().find(context.identity.account_id, *id, base::day_number(context.now))
                       : std::nullopt;
  if (!link) throw link_not_found();
  http::JsonWriter json(kBytesOfALink);
  write_link(json, *link, context.public_url);
  return with_link_tag(request, json_response(json.take()), *link);
}

http::Response list_words(const http::Request&, web::Context& context) {
  const auto words = context.database.link_search().words(context.identity.account_id, kMostWords);
  http::JsonWriter json;
  json.begin_object();
  for (const auto& [name, list] : {std::pair{"programs", &words.programs}, std::pair{"tags", &words.tags}}) {
    json.key(name).begin_array();
    for (const auto& word : *list) json.string(word);
    json.end_array();
  }
  json.end_object();
  return private_answer(200, json.take());
}

}  // namespace handlers
