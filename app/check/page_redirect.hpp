// Where a page leads by itself: by a meta refresh, or by a script that is simple enough to be read without running it.
#pragma once

#include <optional>
#include <string_view>

#include "app/check/html.hpp"
#include "app/check/record.hpp"
#include "app/check/url.hpp"

namespace check {

struct ClientRedirect {
  HopKind kind = HopKind::meta;
  Url url;
};

// What a browser with scripts would follow within ten seconds. nullopt: nothing, or nothing that can be told. A page
// with much to read is no redirect page: its scripts are not looked at. `own` is the page's URL.
std::optional<ClientRedirect> client_redirect(const HtmlDocument& page, const Url& own);

// The same for the value of a "Refresh" header.
std::optional<ClientRedirect> header_redirect(std::string_view refresh, const Url& own);

// The page has nothing to read and evidently goes elsewhere by script, but `client_redirect` cannot tell where.
bool unfollowed_script(const HtmlDocument& page, const Url& own);

}  // namespace check
