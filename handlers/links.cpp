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
#include "handlers/link_tag.hpp"
#include "handlers/paging.hpp"
#include "handlers/parameters.hpp"
#include "handlers/views.hpp"

namespace handlers {
namespace {

constexpr std::string_view kRepresentation = "2";  // raise it when the list's bytes change for the same data
constexpr std::size_t kBytesOfALink = 480;

// A list's tag is the account's version and a digest of all else that shapes the bytes. So a client's tag tells which
// version it has, and the database can say that nothing changed without reading a link.
class ListTag {
 public:
  ListTag(const Paging& paging, const web::Context& context) {
    std::string shape(kRepresentation);
    for (const auto number : {std::int64_t{paging.limit}, paging.offset, std::int64_t{base::day_number(context.now)}})
      shape += '/' + std::to_string(number);
    if (paging.starting_after) shape += '/' + base::format_uuid(*paging.starting_after);
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

db::LinkPage fetch(const Paging& paging, web::Context& context) {
  auto page = context.database.links().page({.account_id = context.identity.account_id,
                                             .limit = paging.limit,
                                             .offset = paging.offset,
                                             .starting_after = paging.starting_after,
                                             .today = base::day_number(context.now)});
  if (page) return *std::move(page);
  throw invalid_parameter("starting_after",
                          "starting_after is not the id of one of your links. It may have been deleted.");
}

std::string render(const db::LinkPage& page, const Paging& paging, const std::string& public_url) {
  http::JsonWriter json(page.links.size() * kBytesOfALink + kBytesOfALink);
  json.begin_object().key("links").begin_array();
  for (const auto& link : page.links) write_link(json, link, public_url);
  json.end_array();
  json.key("total").integer(page.total);
  json.key("limit").integer(paging.limit);
  json.key("offset").integer(paging.offset);
  json.key("has_more").boolean(page.more);
  json.end_object();
  return json.take();
}

std::vector<http::WebLink> neighbours(const db::LinkPage& page, const Paging& paging, const std::string& public_url) {
  const auto url = public_url + "/api/v1/links";
  if (!paging.starting_after) return page_links(paging, page.total, url);
  return cursor_links(paging, page.more ? std::optional(page.links.back().id) : std::nullopt, url);
}

}  // namespace

http::Problem link_not_found() {
  return {404, "not_found", "There is no link with this id."};
}

http::Response list_links(const http::Request& request, web::Context& context) {
  const auto paging = parse_paging(http::Query(request.query));
  const auto condition = http::parse_if_none_match(request.header("if-none-match"));
  const ListTag tag(paging, context);
  const auto known = tag.version_in(condition);
  if (known && known == context.database.links().version(context.identity.account_id)) {
    auto unchanged = json_response({});
    set_tag(unchanged, tag.of(*known));
    return not_modified(std::move(unchanged));
  }
  const auto page = fetch(paging, context);
  auto response = json_response(render(page, paging, context.public_url));
  set_tag(response, tag.of(page.version));
  if (condition.any) return not_modified(std::move(response));
  const auto links = neighbours(page, paging, context.public_url);
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

}  // namespace handlers
