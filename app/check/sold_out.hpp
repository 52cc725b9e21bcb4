// Whether a page says that its product cannot be bought now.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/check/page.hpp"
#include "app/check/url.hpp"

namespace check {

// What says so: structured data first, then the words of the buy box.
std::optional<std::string> sold_out_notice(const Page& page, const Url& url);

// The line says it of the page's product, and not of a size, a date or another product: it names nothing else.
// `headings` are the page's own; `alone`: the line is a headline, in which nothing may follow.
bool sold_out_line(std::string_view line, const std::vector<std::string>& headings, bool alone);

}  // namespace check
