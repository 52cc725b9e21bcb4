// Where a page leads by itself: by a meta refresh, or by a script that is simple enough to be read without running it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/check/html.hpp"
#include "app/check/record.hpp"

namespace check {

struct ClientRedirect {
  HopKind kind = HopKind::meta;
  std::string url;  // absolute, http or https; with its fragment
};

// What a browser with scripts would follow within ten seconds. nullopt: nothing, or nothing that can be told. A page
// with much to read is no redirect page: its scripts are not looked at. `base_url` is the page's own.
std::optional<ClientRedirect> client_redirect(std::string_view html, std::string_view base_url);
std::optional<ClientRedirect> client_redirect(const HtmlDocument& page, std::string_view base_url);

// The same for the value of a "Refresh" header.
std::optional<ClientRedirect> header_redirect(std::string_view refresh, std::string_view base_url);

// The page has nothing to read and evidently goes elsewhere by script, but `client_redirect` cannot tell where.
bool unfollowed_script(std::string_view html, std::string_view base_url);
bool unfollowed_script(const HtmlDocument& page, std::string_view base_url);

}  // namespace check
