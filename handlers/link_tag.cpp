#include "handlers/link_tag.hpp"

#include <algorithm>

#include "app/http/etag.hpp"
#include "app/http/problem.hpp"
#include "handlers/conditional.hpp"

namespace handlers {
namespace {

void append(std::string& all, const std::string& text) {
  all.append(std::to_string(text.size())).append(":").append(text);
}

void append(std::string& all, const std::optional<std::string>& text) {
  text ? append(all, *text) : static_cast<void>(all.append("-"));
}

// Each with its length, so that no two links look alike.
std::string edit_tag(const db::Link& link) {
  std::string all;
  for (const auto* text : {&link.label, &link.url, &link.slug}) append(all, *text);
  append(all, link.program);
  append(all, link.fallback_url);
  for (const auto& tag : link.tags) append(all, tag);
  return http::content_tag(all);
}

}  // namespace

void set_link_tag(http::Response& response, const db::Link& link) {
  set_tag(response, edit_tag(link) + '-' + http::content_tag(response.body));
}

http::Response with_link_tag(const http::Request& request, http::Response response, const db::Link& link) {
  set_link_tag(response, link);
  const auto tag = response.find("ETag")->substr(1, response.find("ETag")->size() - 2);
  if (http::parse_if_none_match(request.header("if-none-match")).matches(tag)) return not_modified(std::move(response));
  return response;
}

void require_match(const http::Request& request, const db::Link& link) {
  const auto header = request.header("if-match");
  if (header.empty()) return;
  const auto condition = http::parse_if_match(header);
  const auto begin = edit_tag(link) + '-';
  const auto fits = [&](const std::string& tag) { return tag.starts_with(begin); };
  if (condition.any || std::any_of(condition.tags.begin(), condition.tags.end(), fits)) return;
  throw http::Problem(412, "precondition_failed",
                      "The link has been changed since it had the ETag of your If-Match. Read it again, then decide.");
}

}  // namespace handlers
