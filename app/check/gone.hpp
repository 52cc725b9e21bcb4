// Pages that answer 200 and say that what was asked for is not there.
#pragma once

#include <optional>
#include <string>

#include "app/check/landing.hpp"
#include "app/check/page.hpp"
#include "app/check/url.hpp"

namespace check {

// The product that the page is about; nullptr: none, or it does not say which.
const StructuredProduct* main_product(const Page& page);

bool has_availability(const Page& page, Availability availability);  // by its structured data

// What a page says that it is: a category, a search. nullopt: nothing of that kind.
std::optional<Landing> landing_seen(const Page& page);

// What the page says. nullopt: it is not about something missing.
std::optional<std::string> missing_notice(const Page& page, const Url& url);

}  // namespace check
